#pragma once

#include "runtime/task.hpp"

#include <exception>

namespace nxg::store::detail {

struct race_result {
  bool work_ended = false;         ///< before the limit did
  std::exception_ptr thrown = {};  ///< by the work
};

/// Runs both; when one ends, cancels the other and waits for it. What `limit` throws only means that there is none.
task<race_result> race(task<void> work, task<void> limit);

}  // namespace nxg::store::detail
