#include "coordination/redis/rate_limiter.hpp"

#include <algorithm>

namespace nxg::coordination::redis {

using std::chrono::microseconds;
using std::chrono::milliseconds;

namespace {

/// GCRA in microseconds of the server's time, in whole numbers (Lua has 53 bits). Answers whether it was allowed, how
/// far in the future everything is available again, and the slice that was leased on top. Arguments: now, interval,
/// burst, cost, slice wanted, what this process knew and Redis may not (time from now).
constexpr std::string_view take_text = R"(
local now, interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local cost, wanted, known = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local stored = tonumber(redis.call('GET', KEYS[1]) or '0')
local taken = math.min(math.max(stored, now + known, now), now + burst * interval)
local room = now + burst * interval - taken - cost * interval
local allowed, slice = 0, 0
if room >= 0 then
  allowed = 1
  slice = math.min(wanted, math.floor(room / interval / 10))
  taken = taken + (cost + slice) * interval
end
if taken > now and taken ~= stored then
  redis.call('SET', KEYS[1], string.format('%.0f', taken), 'PX', math.ceil((taken - now) / 1000) + 1000)
end
return {allowed, string.format('%.0f', taken - now), slice}
)";

/// A slice is good for this part of the period at least.
constexpr int leases_per_period = 10;

/// A caller that was cancelled never says that it has asked.
constexpr std::chrono::seconds longest_question{1};

std::uint64_t burst_of(const rate& limit) { return limit.burst == 0 ? limit.count : limit.burst; }

microseconds interval_of(const rate& limit) {
  const auto count = static_cast<std::int64_t>(std::max<std::uint64_t>(limit.count, 1));
  return std::max(microseconds{1}, microseconds{limit.period} / count);
}

bool never(const rate& limit, std::uint64_t cost) { return limit.count == 0 || cost > burst_of(limit); }

/// What is left, counting the slice this process holds.
rate_decision with_slice(rate_decision answer, std::uint64_t leased) {
  answer.remaining = std::min(answer.limit, answer.remaining + leased);
  return answer;
}

}  // namespace

redis_rate_limiter::redis_rate_limiter(server& with, runtime::clock& clock, const redis_options& options)
    : with_{with},
      time_{clock},
      max_keys_{std::max<std::size_t>(options.max_limited_keys / shard_count, 1)},
      take_{take_text} {}

task<rate_decision> redis_rate_limiter::take(std::string_view key, const rate& limit, std::uint64_t cost) {
  auto& part = shard_of(key);
  const auto epoch = with_.epoch();
  std::uint64_t wanted = 0;
  microseconds known{0};
  const auto asked = now();
  {
    const std::lock_guard lock{part.mutex};
    auto& mine = part.keys.at(key, asked, max_keys_);
    if (never(limit, cost)) co_return mine.peek(limit, asked, cost);
    if (const auto answer = take_leased(mine, limit, cost, asked)) co_return *answer;
    wanted = next_slice(mine, limit, asked);
    if (mine.epoch != epoch) {
      known = std::chrono::duration_cast<microseconds>(std::max(mine.taken - asked, time{0}));
    }
  }
  const std::vector<std::string> keys{with_.key("limit", key)};
  const std::vector<std::string> arguments{std::to_string(with_.now().count()),
                                           std::to_string(interval_of(limit).count()),
                                           std::to_string(burst_of(limit)),
                                           std::to_string(cost),
                                           std::to_string(wanted),
                                           std::to_string(known.count())};
  const auto answer = co_await with_.run(take_, keys, arguments);
  if (!answer || answer->answer.error() != nullptr) co_return take_alone(key, limit, cost);
  const std::lock_guard lock{part.mutex};
  auto& mine = part.keys.at(key, now(), max_keys_);
  mine.epoch = epoch;
  co_return learn(mine, limit, cost, answer->answer, asked);
}

std::optional<rate_decision> redis_rate_limiter::take_leased(slot& from, const rate& limit, std::uint64_t cost,
                                                             time moment) {
  if (moment >= from.lease_ends || from.leased < cost) return std::nullopt;
  from.leased -= cost;
  ++taken_locally_;
  return with_slice(from.peek(limit, moment, 0), from.leased);
}

std::uint64_t redis_rate_limiter::next_slice(slot& of, const rate& limit, time moment) {
  if (moment < of.asking) return 0;
  // One that asks again before its slice would have ended asks often.
  const bool in_time = moment < of.lease_ends;
  of.appetite = in_time ? std::min(2 * of.appetite + 1, burst_of(limit)) : of.appetite / 2;
  if (!in_time) of.leased = 0;
  of.asking = moment + longest_question;
  return of.appetite;
}

/// `asked` is when the server's answer was true here.
rate_decision redis_rate_limiter::learn(slot& to, const rate& limit, std::uint64_t cost, const reply& from,
                                        time asked) {
  const auto number = [&](std::size_t index) {
    const auto* node = from.value(index);
    return node == nullptr ? 0 : node->number();
  };
  const bool allowed = number(0) == 1;
  const microseconds taken{number(1)};
  to.taken = asked + taken;
  to.asking = time{0};
  to.leased += static_cast<std::uint64_t>(number(2));
  to.lease_ends = now() + std::max<time>(limit.period / leases_per_period, interval_of(limit) * number(2));
  auto answer = to.peek(limit, asked, allowed ? 0 : cost);
  if (!allowed) answer.retry_after = std::max(answer.retry_after, milliseconds{1});
  answer.allowed = allowed;
  return with_slice(answer, to.leased);
}

rate_decision redis_rate_limiter::take_alone(std::string_view key, const rate& limit, std::uint64_t cost) {
  auto& part = shard_of(key);
  const std::lock_guard lock{part.mutex};
  auto& mine = part.keys.at(key, now(), max_keys_);
  mine.epoch = 0;
  return mine.take(limit, now(), cost);
}

task<rate_decision> redis_rate_limiter::peek(std::string_view key, const rate& limit, std::uint64_t cost) {
  auto& part = shard_of(key);
  slot mine;
  {
    const std::lock_guard lock{part.mutex};
    if (const auto* known = part.keys.find(key)) mine = *known;
  }
  const auto asked = now();
  const auto answer = co_await with_.call(command("GET", with_.key("limit", key)));
  if (answer && answer->answer.error() == nullptr) {
    const auto* stored = answer->answer.value(0);
    const auto there =
        stored == nullptr || stored->is_null() ? microseconds{0} : microseconds{stored->number()} - with_.now();
    // What Redis may not know yet counts as well.
    mine.taken = mine.epoch == with_.epoch() ? asked + there : std::max<time>(mine.taken, asked + there);
  }
  auto decision = mine.peek(limit, asked, cost);
  if (asked < mine.lease_ends && mine.leased >= cost && !never(limit, cost)) {
    decision.allowed = true;
    decision.retry_after = milliseconds{0};
  }
  co_return with_slice(decision, asked < mine.lease_ends ? mine.leased : 0);
}

task<void> redis_rate_limiter::reset(std::string_view key) {
  {
    auto& part = shard_of(key);
    const std::lock_guard lock{part.mutex};
    part.keys.erase(key);
  }
  co_await with_.call(command("DEL", with_.key("limit", key)));
}

}  // namespace nxg::coordination::redis
