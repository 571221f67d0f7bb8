#include "coordination/in_process_cache.hpp"

#include "resilience/one_shot.hpp"

#include <boost/asio/this_coro.hpp>

#include <stdexcept>
#include <utility>

namespace nxg::coordination {

namespace asio = boost::asio;

namespace {

constexpr std::size_t longest_key = 512;
constexpr std::size_t entry_overhead = 192;

enum wake_up : int { landed, your_turn };

std::size_t size_of(std::string_view key, const std::shared_ptr<const std::string>& value) {
  return key.size() + (value ? value->size() : 0) + entry_overhead;
}

std::string_view checked(std::string_view key) {
  if (key.empty() || key.size() > longest_key) throw std::invalid_argument{"a key of the cache has 1 to 512 bytes"};
  return key;
}

}  // namespace

/// One key being filled.
struct in_process_cache::flight {
  std::list<resilience::one_shot> waiting;
  /// False after a `put` or `remove` meanwhile: what is being made may be older.
  bool store = true;
  cached result{};
  std::exception_ptr error;

  /// Of one that has landed.
  [[nodiscard]] cached answer() const {
    if (error) std::rethrow_exception(error);
    return result;
  }
  void wake_all() {
    for (const auto& one : waiting) one.fire(landed);
    waiting.clear();
  }
};

/// Whoever fills holds it; lost without an end, it hands the flight to the next in line.
class in_process_cache::leadership {
 public:
  leadership(in_process_cache& of, const std::string& key, flight& led) : of_{of}, key_{key}, led_{led} {}
  leadership(const leadership&) = delete;
  leadership& operator=(const leadership&) = delete;
  ~leadership() {
    if (!ended_) of_.hand_over(key_, led_);
  }
  void end() { ended_ = true; }

 private:
  in_process_cache& of_;
  const std::string& key_;
  flight& led_;
  bool ended_ = false;
};

task<std::optional<cached>> in_process_cache::get(std::string_view key) {
  const std::lock_guard lock{mutex_};
  co_return look_up(checked(key));
}

task<void> in_process_cache::put(std::string_view key, std::optional<std::string> value, lifetime how_long) {
  auto shared = value ? std::make_shared<const std::string>(std::move(*value)) : nullptr;
  const std::lock_guard lock{mutex_};
  outdate(checked(key));
  store(key, std::move(shared), how_long);
  co_return;
}

task<void> in_process_cache::remove(std::string_view key) {
  const std::lock_guard lock{mutex_};
  outdate(key);
  erase(key);
  co_return;
}

task<cached> in_process_cache::get_or_fill(std::string_view key, lifetime how_long, fill_function fill) {
  const std::string name{checked(key)};
  const resilience::one_shot turn;
  shared_flight joined;
  bool first = false;
  {
    const std::lock_guard lock{mutex_};
    if (auto known = look_up(name); known && known->how == freshness::fresh) co_return std::move(*known);
    auto& current = flights_[name];
    first = !current;
    if (first) {
      current = std::make_shared<flight>();
    } else {
      current->waiting.push_back(turn);
    }
    joined = current;
  }
  if (!first && co_await turn.wait() == landed) co_return joined->answer();

  // No suspension between being the leader and this: a cancelled leader must not leave the others waiting.
  leadership leader{*this, name, *joined};
  bytes value;
  std::exception_ptr error;
  try {
    auto made = co_await fill();
    if (made) value = std::make_shared<const std::string>(std::move(*made));
  } catch (...) {
    error = std::current_exception();
  }
  if (error && (co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none) {
    std::rethrow_exception(error);
  }
  leader.end();
  if (error) co_return fail(name, *joined, error);
  co_return land(name, how_long, *joined, std::move(value));
}

cached in_process_cache::land(const std::string& key, const lifetime& how_long, flight& made, bytes value) {
  const std::lock_guard lock{mutex_};
  made.result = {value, freshness::filled, {}};
  if (made.store) store(key, std::move(value), how_long);
  made.wake_all();
  auto result = made.result;
  flights_.erase(key);
  return result;
}

cached in_process_cache::fail(const std::string& key, flight& failed, const std::exception_ptr& error) {
  const std::lock_guard lock{mutex_};
  if (auto known = look_up(key)) {
    failed.result = std::move(*known);
  } else {
    failed.error = error;
  }
  failed.wake_all();
  flights_.erase(key);
  return failed.answer();
}

void in_process_cache::hand_over(const std::string& key, flight& left) {
  const std::lock_guard lock{mutex_};
  while (!left.waiting.empty()) {
    const bool given = left.waiting.front().fire(your_turn);
    left.waiting.pop_front();
    if (given) return;
  }
  flights_.erase(key);
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

void in_process_cache::outdate(std::string_view key) {
  if (const auto current = flights_.find(key); current != flights_.end()) current->second->store = false;
}

}  // namespace nxg::coordination
