#pragma once

#include "runtime/task.hpp"

#include <functional>

namespace nxg::integrations {

/// Whether a service may still be told about somebody: asked before a call is repeated, as a consent can be withdrawn
/// between two tries. What it throws comes through. Empty: always.
using still_allowed = std::function<task<bool>()>;

}  // namespace nxg::integrations
