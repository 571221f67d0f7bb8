#include "coordination/redis/presence.hpp"

#include <algorithm>
#include <utility>

namespace nxg::coordination::redis {

using std::chrono::milliseconds;

namespace {

/// Entries told in one go after a connection was lost.
constexpr std::size_t at_a_time = 200;

/// KEYS: a hash of members to their connections, each {since, until}, packed; a sorted set of members by the time the
/// first of their connections ends; a sorted set of members in the order of their names. ARGV[1] is the time.
constexpr std::string_view common = R"(
local now = tonumber(ARGV[1])
local function keep(member, all)
  local first = nil
  for _, one in pairs(all) do
    if first == nil or one[2] < first then first = one[2] end
  end
  if first == nil then
    redis.call('HDEL', KEYS[1], member)
    redis.call('ZREM', KEYS[2], member)
    redis.call('ZREM', KEYS[3], member)
  else
    redis.call('HSET', KEYS[1], member, cmsgpack.pack(all))
    redis.call('ZADD', KEYS[2], string.format('%.0f', first), member)
    redis.call('ZADD', KEYS[3], 0, member)
  end
end
local function known(member)
  local packed = redis.call('HGET', KEYS[1], member)
  return packed and cmsgpack.unpack(packed) or {}
end
local function expire()
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', now))) do
    local all = known(member)
    for connection, one in pairs(all) do
      if one[2] <= now then all[connection] = nil end
    end
    keep(member, all)
  end
end
expire()
)";

/// ARGV: now, member, connection, since, how long.
constexpr std::string_view enter_text = R"(
local all = known(ARGV[2])
local before = all[ARGV[3]]
local since = tonumber(ARGV[4])
if before and before[1] < since then since = before[1] end
all[ARGV[3]] = {since, now + tonumber(ARGV[5])}
keep(ARGV[2], all)
local ttl = tonumber(ARGV[5]) + 1000
for _, key in ipairs(KEYS) do
  if redis.call('PTTL', key) < ttl then redis.call('PEXPIRE', key, ttl) end
end
return 1
)";

/// ARGV: now, member, connection.
constexpr std::string_view leave_text = R"(
local all = known(ARGV[2])
if all[ARGV[3]] == nil then return 0 end
all[ARGV[3]] = nil
keep(ARGV[2], all)
return 1
)";

/// ARGV: now, member. How many there are, and whether this one is.
constexpr std::string_view look_text = R"(
return {redis.call('HLEN', KEYS[1]), redis.call('HEXISTS', KEYS[1], ARGV[2])}
)";

/// ARGV: now, after, limit. Member, since, connections; and so on.
constexpr std::string_view list_text = R"(
local from = ARGV[2] == '' and '-' or '(' .. ARGV[2]
local result = {}
for _, member in ipairs(redis.call('ZRANGEBYLEX', KEYS[3], from, '+', 'LIMIT', 0, ARGV[3])) do
  local since, count = nil, 0
  for _, one in pairs(known(member)) do
    count = count + 1
    if since == nil or one[1] < since then since = one[1] end
  end
  table.insert(result, member)
  table.insert(result, string.format('%.0f', since or 0))
  table.insert(result, count)
end
return result
)";

script with_common(std::string_view own) { return script{std::string{common} + std::string{own}}; }

in_process_options local_options(const redis_options& options) {
  in_process_options result;
  result.max_present = options.max_present;
  return result;
}

std::string text(milliseconds value) { return std::to_string(value.count()); }

bool good(const std::shared_ptr<exchange>& answer) { return answer && answer->answer.error() == nullptr; }

}  // namespace

redis_presence::redis_presence(server& with, runtime::clock& time, const redis_options& options)
    : with_{with},
      time_{time},
      local_{time, local_options(options)},
      enter_{with_common(enter_text)},
      leave_{with_common(leave_text)},
      look_{with_common(look_text)},
      list_{with_common(list_text)} {
  with_.when_up([this] { enter_again(); });
}

std::vector<std::string> redis_presence::keys_of(std::string_view group) const {
  return {with_.key("present", group), with_.key("present-until", group), with_.key("present-names", group)};
}

std::string redis_presence::now_ms() const { return text(std::chrono::duration_cast<milliseconds>(with_.now())); }

std::vector<std::string> redis_presence::entering(const in_process_presence::present_entry& one) const {
  return {now_ms(), one.member, one.connection, text(one.since.time_since_epoch()), text(one.left)};
}

task<bool> redis_presence::enter(std::string_view group, std::string_view member, std::string_view connection,
                                 milliseconds how_long) {
  const bool room = co_await local_.enter(group, member, connection, how_long);
  if (!room) co_return false;
  const in_process_presence::present_entry here{std::string{group}, std::string{member}, std::string{connection},
                                                time_.now(), how_long};
  const auto keys = keys_of(group);
  const auto arguments = entering(here);
  co_await with_.run(enter_, keys, arguments);
  co_return true;
}

task<void> redis_presence::leave(std::string_view group, std::string_view member, std::string_view connection) {
  co_await local_.leave(group, member, connection);
  const auto keys = keys_of(group);
  const std::vector<std::string> arguments{now_ms(), std::string{member}, std::string{connection}};
  co_await with_.run(leave_, keys, arguments);
}

task<std::size_t> redis_presence::count(std::string_view group) {
  const auto keys = keys_of(group);
  const std::vector<std::string> arguments{now_ms(), std::string{}};
  const auto answer = co_await with_.run(look_, keys, arguments);
  if (good(answer)) co_return static_cast<std::size_t>(answer->answer.value(0)->number());
  co_return co_await local_.count(group);
}

task<bool> redis_presence::is_present(std::string_view group, std::string_view member) {
  const auto keys = keys_of(group);
  const std::vector<std::string> arguments{now_ms(), std::string{member}};
  const auto answer = co_await with_.run(look_, keys, arguments);
  if (good(answer)) co_return answer->answer.value(1)->number() == 1;
  co_return co_await local_.is_present(group, member);
}

task<std::vector<present>> redis_presence::list(std::string_view group, std::size_t limit, std::string_view after) {
  const auto keys = keys_of(group);
  const std::vector<std::string> arguments{now_ms(), std::string{after}, std::to_string(limit)};
  const auto answer = co_await with_.run(list_, keys, arguments);
  if (!good(answer)) co_return co_await local_.list(group, limit, after);
  std::vector<present> result;
  const auto values = answer->answer.values();
  for (std::size_t i = 0; i + 2 < values.size(); i += 3) {
    result.push_back({values[i]->text, instant{milliseconds{values[i + 1]->number()}},
                      static_cast<std::uint64_t>(values[i + 2]->number())});
  }
  co_return result;
}

void redis_presence::enter_again() {
  auto all = local_.all();
  to_tell_.assign(std::make_move_iterator(all.begin()), std::make_move_iterator(all.end()));
  enter_some();
}

/// Some at a time, each after the other's answer: others want to be answered meanwhile.
void redis_presence::enter_some() {
  if (to_tell_.empty()) return;
  auto what = command("SCRIPT", "LOAD", enter_.text);
  for (std::size_t i = 0; i < at_a_time && !to_tell_.empty(); ++i) {
    const auto& one = to_tell_.front();
    std::vector<std::string> words{enter_.hash, "3"};
    std::ranges::move(keys_of(one.group), std::back_inserter(words));
    std::ranges::move(entering(one), std::back_inserter(words));
    what->request.push_range("EVALSHA", words);
    to_tell_.pop_front();
  }
  what->done = [this](exchange::outcome how) {
    if (how == exchange::outcome::answered) enter_some();
  };
  with_.post(std::move(what));
}

}  // namespace nxg::coordination::redis
