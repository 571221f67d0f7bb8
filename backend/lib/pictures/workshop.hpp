#pragma once

#include "pictures/picture.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"

#include <cstddef>
#include <string>

namespace nxg::pictures {

/// `make_small` on threads of its own, so that no io thread waits for pixels. Thread-safe.
class workshop {
 public:
  /// At most `threads` pictures at a time and `waiting` in line: more than that are refused at once. `time` outlives
  /// it.
  workshop(runtime::clock& time, std::size_t threads, std::size_t waiting, picture_rules rules = {});

  /// Throws `refused`, `runtime::pool_exhausted`, and `operation_aborted` when cancelled; work under way then ends soon
  /// after `deadline`.
  task<picture> make_small(std::string bytes, steady_instant deadline);

  [[nodiscard]] const picture_rules& rules() const noexcept { return rules_; }

 private:
  runtime::clock& time_;
  picture_rules rules_;
  runtime::blocking_pool pool_;
};

}  // namespace nxg::pictures
