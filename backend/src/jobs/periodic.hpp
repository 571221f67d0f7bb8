#pragma once

#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "store/leases.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace nxg::jobs {

/// A job: what it does, how often, and whether one process at a time should do it.
struct job {
  std::string name;
  std::chrono::milliseconds every{60'000};
  std::function<task<void>()> work;
  /// Under the lease of its name; without one every process does it for itself.
  bool alone = true;
};

/// Runs jobs, each in its own rhythm: the pause begins when a run ends, so runs never overlap. A run that throws is
/// logged and counted, and the next one comes as usual.
class runner {
 public:
  runner(executor where, runtime::clock& time, store::leases& leases, telemetry::metrics& metrics,
         telemetry::logger log);
  ~runner();
  runner(const runner&) = delete;
  runner& operator=(const runner&) = delete;

  /// Before `start`.
  void add(job one);
  void start();
  /// Begins nothing more, waits for what runs, at most `within`. On the executor the runner was made with.
  task<void> stop(std::chrono::milliseconds within);

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace nxg::jobs
