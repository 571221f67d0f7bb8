#include "resilience/gcra.hpp"

#include <algorithm>
#include <utility>

namespace nxg::resilience {

namespace {

using std::chrono::milliseconds;

struct parameters {
  gcra::time interval;
  std::uint64_t burst;
  gcra::time tolerance;
};

parameters of(const rate& limit) {
  const std::uint64_t burst = limit.burst == 0 ? limit.count : limit.burst;
  const auto interval = std::max(
      gcra::time{1}, gcra::time{limit.period} / static_cast<std::int64_t>(std::max<std::uint64_t>(limit.count, 1)));
  return {interval, burst, interval * static_cast<std::int64_t>(burst)};
}

std::uint64_t places(const parameters& of, gcra::time taken, gcra::time now) {
  const auto free = of.tolerance - std::max(taken - now, gcra::time{0});
  return free <= gcra::time{0} ? 0 : static_cast<std::uint64_t>(free / of.interval);
}

/// The new state with the answer; the old one where nothing is taken.
std::pair<gcra::time, rate_decision> decide(const rate& limit, gcra::time taken, gcra::time now, std::uint64_t cost) {
  const auto with = of(limit);
  rate_decision answer;
  answer.limit = with.burst;
  const auto from = std::max(taken, now);
  if (limit.count == 0 || cost > with.burst) {
    answer.allowed = false;
    answer.retry_after = milliseconds::max();
  } else {
    const auto after = from + with.interval * static_cast<std::int64_t>(cost);
    answer.allowed = after - now <= with.tolerance;
    if (answer.allowed) {
      taken = after;
    } else {
      answer.retry_after = std::chrono::ceil<milliseconds>(after - now - with.tolerance);
    }
  }
  answer.remaining = limit.count == 0 ? 0 : places(with, taken, now);
  answer.reset_after = std::chrono::ceil<milliseconds>(std::max(taken - now, gcra::time{0}));
  return {taken, answer};
}

}  // namespace

rate_decision gcra::take(const rate& limit, time now, std::uint64_t cost) {
  const auto [after, answer] = decide(limit, taken, now, cost);
  taken = after;
  return answer;
}

rate_decision gcra::peek(const rate& limit, time now, std::uint64_t cost) const {
  auto answer = decide(limit, taken, now, cost).second;
  // Nothing was taken: the rest is what it was.
  answer.remaining = limit.count == 0 ? 0 : places(of(limit), taken, now);
  answer.reset_after = std::chrono::ceil<milliseconds>(std::max(taken - now, time{0}));
  return answer;
}

}  // namespace nxg::resilience
