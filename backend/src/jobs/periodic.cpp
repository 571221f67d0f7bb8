#include "jobs/periodic.hpp"

#include "runtime/timer.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <vector>

namespace nxg::jobs {
namespace {

/// Renewed while a job runs; after a crash another process takes over when it has run out.
constexpr std::chrono::seconds lease_time{15};

}  // namespace

struct runner::state : std::enable_shared_from_this<state> {
  state(executor on, runtime::clock& clock, store::leases& with, telemetry::metrics& into, telemetry::logger logger)
      : where{std::move(on)}, time{clock}, leases{with}, metrics{into}, log{std::move(logger)} {}

  struct entry {
    job what;
    runtime::timer pause;
    telemetry::counter runs;
    telemetry::counter failures;
  };

  executor where;
  runtime::clock& time;
  store::leases& leases;
  telemetry::metrics& metrics;
  telemetry::logger log;
  std::vector<std::unique_ptr<entry>> jobs;
  std::size_t running = 0;  // loops; on `where`
  bool stopping = false;    // on `where`

  static task<void> loop(std::shared_ptr<state> self, entry& one) {
    while (!self->stopping) {
      co_await once(*self, one);
      if (self->stopping) break;
      co_await one.pause.wait_for(one.what.every);
    }
    --self->running;
  }

  static task<void> once(state& self, entry& one) {
    try {
      if (one.what.alone) {
        std::function<task<void>(const store::lease&)> work = [&one](const store::lease&) { return one.what.work(); };
        const bool ran = co_await self.leases.run("job:" + one.what.name, lease_time, std::move(work));
        if (ran) one.runs.increment();
      } else {
        co_await one.what.work();
        one.runs.increment();
      }
    } catch (const std::exception& error) {
      one.failures.increment();
      self.log.repeated(telemetry::log_level::warn, "a job failed", {{"job", one.what.name}, {"error", error.what()}});
    }
  }
};

runner::runner(executor where, runtime::clock& time, store::leases& leases, telemetry::metrics& metrics,
               telemetry::logger log)
    : state_{std::make_shared<state>(std::move(where), time, leases, metrics, std::move(log))} {}

runner::~runner() = default;

void runner::add(job one) {
  const telemetry::labels labels{{"job", one.name}};
  auto runs = state_->metrics.make_counter("nxg_job_runs_total", "Runs of jobs that came to their end", labels);
  auto failures = state_->metrics.make_counter("nxg_job_failures_total", "Runs of jobs that failed", labels);
  state_->jobs.push_back(
      std::make_unique<state::entry>(std::move(one), runtime::timer{state_->where, state_->time}, runs, failures));
}

void runner::start() {
  boost::asio::post(state_->where, [self = state_] {
    for (auto& one : self->jobs) {
      ++self->running;
      boost::asio::co_spawn(self->where, state::loop(self, *one), boost::asio::detached);
    }
  });
}

task<void> runner::stop(std::chrono::milliseconds within) {
  boost::asio::post(state_->where, [self = state_] {
    self->stopping = true;
    for (auto& one : self->jobs) one->pause.cancel();
  });
  const auto give_up = state_->time.steady() + within;
  bool idle = false;
  while (!idle && state_->time.steady() < give_up) {
    co_await runtime::sleep_for(state_->time, std::chrono::milliseconds{10});
    idle = state_->stopping && state_->running == 0;
  }
}

}  // namespace nxg::jobs
