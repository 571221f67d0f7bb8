#pragma once

#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "store/awaited_work.hpp"
#include "store/mongodb/session.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

namespace nxg::store::mongodb {

class workers;

/// Work for a worker. Once begun it ends by its own time-outs, whether somebody still waits for it or not.
class call final : public awaited_work {
 public:
  using job = std::move_only_function<outcome(session&)>;
  call(effect of, std::size_t bytes, steady_instant deadline, job work)
      : awaited_work{of, bytes, deadline}, job_{std::move(work)} {}

  /// Runs it and resumes the caller with what comes of it.
  void run(session& on);

 private:
  [[nodiscard]] error late_query() const override { return {failure::unavailable, "MongoDB did not answer in time"}; }

  job job_;
};

/// Hands the call to a worker and waits for it, until its deadline at the longest.
task<outcome> wait_for(std::shared_ptr<call> what, workers& in);

}  // namespace nxg::store::mongodb
