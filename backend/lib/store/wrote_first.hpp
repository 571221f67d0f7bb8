#pragma once

#include "runtime/task.hpp"

namespace nxg::store {

/// Waits for a write that is for one version of a document. False when somebody else wrote that document first
/// (`version_conflict`; nothing was written): read it again and decide again. Throws what else the write throws.
task<bool> wrote_first(task<void> write);

}  // namespace nxg::store
