#include "services/planning/plan_refresh.hpp"

#include "store/errors.hpp"

#include <boost/system/system_error.hpp>

#include <exception>
#include <string>
#include <utility>

namespace nxg::planning {
namespace {

constexpr const char* name = "plan_refresh";

schema::local_date day_of_run(instant now) {
  return std::chrono::floor<std::chrono::days>(now - plan_refresh::begins_at);
}

std::string_view name_of(refresh_outcome how) {
  switch (how) {
    case refresh_outcome::refreshed: return "refreshed";
    case refresh_outcome::not_due: return "not_due";
    case refresh_outcome::not_possible: return "not_possible";
    case refresh_outcome::postponed: return "postponed";
    case refresh_outcome::kept: return "kept";
  }
  return "kept";
}

}  // namespace

plan_refresh::plan_refresh(parts with, pace limits) : parts_{std::move(with)}, pace_{limits} {}

// Whether there is anything to do now; a new run where it is time for one.
task<bool> plan_refresh::begin(job_run& run) {
  const auto now = parts_.time.now();
  auto found = co_await parts_.runs.find(name);
  run = found.value_or(job_run{.id = name});
  const auto day = day_of_run(now);
  const bool another_day = !found || run.run_for < day;
  const bool again = run.finished_at && run.failed > 0 && now >= *run.finished_at + tried_again_after;
  if (!another_day && !again) co_return !run.finished_at;
  run.passes = another_day ? 1 : run.passes + 1;
  run.run_for = day;
  run.started_at = now;
  run.finished_at.reset();
  run.position.reset();
  run.looked_at = run.done = run.failed = 0;
  co_return true;
}

task<void> plan_refresh::step() {
  job_run run;
  const bool busy = co_await begin(run);
  if (!busy) co_return;
  std::size_t calls = 0;
  bool more = true;
  while (more) {
    auto page = co_await parts_.kept.in_force(pace_.page, run.position);
    const bool through = co_await look_at(page.items, run, calls);
    if (through) run.position = page.next;
    more = through && page.next.has_value() && calls < pace_.calls;
    if (through && !page.next) finish(run);
    // Another process writes it too where this one lost the job without knowing: the conflict ends this one's step.
    co_await parts_.runs.save(run);
    ++run.version;
  }
}

task<bool> plan_refresh::look_at(const std::vector<workout_plan>& plans, job_run& run, std::size_t& calls) {
  for (const auto& plan : plans) {
    const auto now = parts_.time.now();
    if (plan.last_attempt_at && now < *plan.last_attempt_at + tried_again_after) {
      // It failed a while ago, in this run or after a change of the profile: a later pass of this day takes it.
      ++run.looked_at;
      ++run.failed;
      continue;
    }
    if (calls >= pace_.calls) co_return false;
    const auto how = co_await refresh_one(plan.member_id);
    parts_.metrics
        .make_counter("nxg_plan_refreshes_total", "Plans looked at by the daily refresh, by what became of them",
                      {{"outcome", std::string{name_of(how)}}})
        .increment();
    if (how == refresh_outcome::postponed) co_return false;
    ++run.looked_at;
    if (how == refresh_outcome::refreshed) ++run.done;
    if (how == refresh_outcome::kept) ++run.failed;
    if (how == refresh_outcome::refreshed || how == refresh_outcome::kept) ++calls;
  }
  co_return true;
}

/// One member's trouble is not the others'; the store's is everybody's.
task<refresh_outcome> plan_refresh::refresh_one(uuid member) {
  try {
    co_return co_await parts_.plans.refresh(member);
  } catch (const store::error&) {
    throw;
  } catch (const boost::system::system_error&) {
    throw;
  } catch (const std::exception& trouble) {
    parts_.log.repeated(telemetry::log_level::warn, "a plan could not be looked at", {{"error", trouble.what()}});
  }
  co_return refresh_outcome::kept;
}

void plan_refresh::finish(job_run& run) {
  run.finished_at = parts_.time.now();
  parts_.log.info("plans in force were looked at",
                  {{"plans", run.looked_at}, {"refreshed", run.done}, {"kept", run.failed}, {"passes", run.passes}});
}

}  // namespace nxg::planning
