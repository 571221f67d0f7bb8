#include "coordination/in_process_cache.hpp"

#include <exception>
#include <utility>

namespace nxg::coordination {

namespace {

constexpr std::size_t entry_overhead = 192;

std::size_t size_of(std::string_view key, const std::shared_ptr<const std::string>& value) {
  return key.size() + (value ? value->size() : 0) + entry_overhead;
}

}  // namespace

task<std::optional<cached>> in_process_cache::get(std::string_view key) {
  const std::lock_guard lock{mutex_};
  co_return look_up(checked_key(key));
}

task<void> in_process_cache::put(std::string_view key, std::optional<std::string> value, lifetime how_long) {
  auto shared = value ? std::make_shared<const std::string>(std::move(*value)) : nullptr;
  const std::lock_guard lock{mutex_};
  flights_.outdate(checked_key(key));
  store(key, std::move(shared), how_long);
  co_return;
}

task<void> in_process_cache::remove(std::string_view key) {
  const std::lock_guard lock{mutex_};
  flights_.outdate(key);
  erase(key);
  co_return;
}

task<cached> in_process_cache::get_or_fill(std::string_view key, lifetime how_long, fill_function fill) {
  const std::string name{checked_key(key)};
  {
    const std::lock_guard lock{mutex_};
    if (auto known = look_up(name); known && known->how == freshness::fresh) co_return std::move(*known);
  }
  const single_flight::work making = [&](const single_flight::flight& mine) {
    return make(name, how_long, fill, mine);
  };
  co_return co_await flights_.join(name, making);
}

task<cached> in_process_cache::make(const std::string& key, const lifetime& how_long, const fill_function& fill,
                                    const single_flight::flight& mine) {
  {
    // Another flight may have landed since.
    const std::lock_guard lock{mutex_};
    if (auto known = look_up(key); known && known->how == freshness::fresh) co_return std::move(*known);
  }
  auto made = co_await run(fill);
  const std::lock_guard lock{mutex_};
  if (made.error) {
    if (auto known = look_up(key)) co_return std::move(*known);
    std::rethrow_exception(made.error);
  }
  if (!mine.outdated()) store(key, made.value, how_long);
  co_return cached{std::move(made.value), freshness::filled, {}};
}

std::optional<cached> in_process_cache::look_up(std::string_view key) {
  const auto known = index_.find(key);
  if (known == index_.end()) return std::nullopt;
  const auto& found = *known->second;
  const auto now = time_.steady();
  if (now >= found.stale_until) {
    erase(key);
    return std::nullopt;
  }
  entries_.splice(entries_.begin(), entries_, known->second);
  return cached{found.value, now < found.fresh_until ? freshness::fresh : freshness::stale,
                std::chrono::duration_cast<std::chrono::milliseconds>(now - found.stored)};
}

void in_process_cache::store(std::string_view key, bytes value, const lifetime& how_long) {
  erase(key);
  const std::size_t size = size_of(key, value);
  if (size > max_bytes_ || max_entries_ == 0) return;
  while (bytes_ + size > max_bytes_ || entries_.size() >= max_entries_) erase(entries_.back().key);
  const auto now = time_.steady();
  const auto fresh_until = now + (value ? how_long.fresh : how_long.negative);
  const auto stale_until = value ? fresh_until + how_long.stale : fresh_until;
  entries_.push_front({std::string{key}, std::move(value), now, fresh_until, stale_until});
  index_.emplace(entries_.front().key, entries_.begin());
  bytes_ += size;
}

void in_process_cache::erase(std::string_view key) {
  const auto known = index_.find(key);
  if (known == index_.end()) return;
  const auto gone = known->second;
  index_.erase(known);
  bytes_ -= size_of(gone->key, gone->value);
  entries_.erase(gone);
}

}  // namespace nxg::coordination
