#include "coordination/redis/cache.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace nxg::coordination::redis {

using std::chrono::milliseconds;

namespace {

/// An entry: its kind, three numbers of 8 bytes (when it was stored, fresh and stale for how long, all in
/// microseconds), the value.
enum kind : char { value_kind = 'v', nothing_kind = 'n', removed_kind = 'r' };
constexpr std::size_t header_size = 1 + 3 * 8;

/// How long it is remembered that a key was removed, so that a fill that began before does not bring it back.
constexpr milliseconds longest_fill{60'000};

/// Stores unless somebody else did, or removed the key, since it was looked at. Gone by itself counts as unchanged.
constexpr std::string_view replace_text = R"(
local there = redis.call('GETRANGE', KEYS[1], 0, 24)
if there ~= '' and there ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
)";

void put_number(std::string& to, std::int64_t value) {
  for (int shift = 0; shift < 64; shift += 8) to += static_cast<char>(static_cast<std::uint64_t>(value) >> shift);
}

std::int64_t number_at(std::string_view from, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value |= std::uint64_t{static_cast<unsigned char>(from[at + i])} << (8 * i);
  return static_cast<std::int64_t>(value);
}

struct written {
  std::string content;
  milliseconds total;
};

written write(const std::string* value, const lifetime& how_long, std::chrono::microseconds now) {
  const auto fresh = value == nullptr ? how_long.negative : how_long.fresh;
  const auto stale = value == nullptr ? milliseconds{0} : how_long.stale;
  written result{{}, fresh + stale};
  result.content.reserve(header_size + (value == nullptr ? 0 : value->size()));
  result.content += value == nullptr ? nothing_kind : value_kind;
  put_number(result.content, now.count());
  put_number(result.content, std::chrono::microseconds{fresh}.count());
  put_number(result.content, std::chrono::microseconds{stale}.count());
  if (value != nullptr) result.content += *value;
  return result;
}

}  // namespace

redis_cache::redis_cache(server& with, const redis_options& options)
    : with_{with}, max_bytes_{options.max_cache_value_bytes}, replace_{replace_text} {}

task<std::optional<cached>> redis_cache::get(std::string_view key) {
  auto found = co_await look_up(checked_key(key));
  co_return std::move(found.known);
}

task<void> redis_cache::put(std::string_view key, std::optional<std::string> value, lifetime how_long) {
  const std::string name{checked_key(key)};
  const auto entry = write(value ? &*value : nullptr, how_long, with_.now());
  if (entry.content.size() > max_bytes_ || entry.total <= milliseconds{0}) {
    co_await remove(name);
    co_return;
  }
  flights_.outdate(name);
  co_await with_.call(command("SET", with_.key("cache", name), entry.content, "PX", entry.total.count()));
}

task<void> redis_cache::remove(std::string_view key) {
  flights_.outdate(key);
  std::string mark{static_cast<char>(removed_kind)};
  put_number(mark, with_.now().count());
  mark.resize(header_size);
  co_await with_.call(command("SET", with_.key("cache", key), mark, "PX", longest_fill.count()));
}

task<cached> redis_cache::get_or_fill(std::string_view key, lifetime how_long, fill_function fill) {
  const std::string name{checked_key(key)};
  const single_flight::work making = [&](const single_flight::flight& mine) {
    return make(name, how_long, fill, mine);
  };
  co_return co_await flights_.join(name, making);
}

task<cached> redis_cache::make(const std::string& key, const lifetime& how_long, const fill_function& fill,
                               const single_flight::flight& mine) {
  const auto before = co_await look_up(key);
  if (before.known && before.known->how == freshness::fresh) co_return *before.known;
  auto made = co_await run(fill);
  if (made.error) {
    // Looked at again: it may have become too old, or somebody else may have had more luck.
    const auto after = co_await look_up(key);
    if (after.known) co_return *after.known;
    std::rethrow_exception(made.error);
  }
  if (!mine.outdated()) keep(key, made.value, how_long, before.mark);
  co_return cached{std::move(made.value), freshness::filled, {}};
}

void redis_cache::keep(const std::string& key, const std::shared_ptr<const std::string>& value,
                       const lifetime& how_long, const std::string& seen) {
  const auto entry = write(value.get(), how_long, with_.now());
  if (entry.content.size() > max_bytes_ || entry.total <= milliseconds{0}) return;
  with_.start(replace_, {with_.key("cache", key)}, {seen, entry.content, std::to_string(entry.total.count())});
}

task<redis_cache::stored> redis_cache::look_up(std::string_view key) {
  const auto answer = co_await with_.call(command("GET", with_.key("cache", key)));
  if (!answer || answer->answer.error() != nullptr) co_return stored{};
  const auto* content = answer->answer.value(0);
  if (content == nullptr || content->is_null()) co_return stored{};
  co_return read(content->text);
}

redis_cache::stored redis_cache::read(std::string content) const {
  stored result;
  if (content.size() < header_size) return result;
  result.mark = content.substr(0, header_size);
  const auto kind = content.front();
  const auto age = std::max(with_.now().count() - number_at(content, 1), std::int64_t{0});
  const auto fresh = number_at(content, 9);
  if (kind == removed_kind || age >= fresh + number_at(content, 17)) return result;
  cached known;
  known.how = age < fresh ? freshness::fresh : freshness::stale;
  known.age = std::chrono::duration_cast<milliseconds>(std::chrono::microseconds{age});
  if (kind == value_kind) {
    content.erase(0, header_size);
    known.value = std::make_shared<const std::string>(std::move(content));
  }
  result.known = std::move(known);
  return result;
}

}  // namespace nxg::coordination::redis
