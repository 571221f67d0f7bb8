#pragma once

namespace nxg::runtime {

/// Blocks SIGINT and SIGTERM in this thread and those it starts, so that `wait_for_stop` gets them; ignores SIGPIPE.
/// Call before any thread is started.
void prepare_signals();

/// Waits for SIGINT or SIGTERM; returns its number.
int wait_for_stop();

}  // namespace nxg::runtime
