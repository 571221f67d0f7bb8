#include "services/diets/diet_refresh.hpp"

#include "store/errors.hpp"

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace nxg::diets {

namespace {

using namespace std::chrono_literals;

// Of the quota; the rest is for people who wait.
constexpr double share_of_jobs = 0.8;

}  // namespace

diet_refresh::diet_refresh(diet_planning& plans, repositories::diet_plans& kept, runtime::clock& time,
                           telemetry::logger log, std::uint64_t quota_per_day, std::uint64_t steps_a_day)
    : plans_{plans},
      kept_{kept},
      time_{time},
      log_{std::move(log)},
      most_{std::max<std::size_t>(
          1, static_cast<std::size_t>(share_of_jobs * static_cast<double>(quota_per_day) /
                                      static_cast<double>(std::max<std::uint64_t>(1, steps_a_day))))} {}

instant diet_refresh::last_start(instant now) {
  const auto today = std::chrono::floor<std::chrono::days>(now) + 3h;
  return now >= today ? instant{today} : instant{today - 24h};
}

// One member's trouble is not the others'; the store's is everybody's.
task<refresh_outcome> diet_refresh::refresh_one(diet_plan due) {
  try {
    co_return co_await plans_.refresh(due);
  } catch (const store::error&) {
    throw;
  } catch (const boost::system::system_error&) {
    throw;
  } catch (const std::exception& trouble) {
    log_.repeated(telemetry::log_level::warn, "a diet plan could not be looked at", {{"error", trouble.what()}});
  }
  // It must not come first again and again.
  const auto now = time_.now();
  co_await kept_.postpone(due.member_id, due.id, now, now + retry_refresh_after);
  co_return refresh_outcome::kept;
}

task<std::size_t> diet_refresh::step() {
  std::size_t replaced = 0;
  if (!plans_.dependency().configured) co_return replaced;
  const auto due = co_await kept_.due(last_start(time_.now()), most_);
  for (const auto& one : due) {
    const auto outcome = co_await refresh_one(one);
    if (outcome == refresh_outcome::postponed) break;
    if (outcome == refresh_outcome::refreshed) ++replaced;
  }
  co_return replaced;
}

}  // namespace nxg::diets
