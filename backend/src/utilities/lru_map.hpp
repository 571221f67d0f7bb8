#pragma once

#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace nxg::utilities {

/// A bounded map from which what was not used for longest goes first. Thread-safe; values are copied out.
template <class Key, class Value>
class lru_map {
 public:
  explicit lru_map(std::size_t capacity) : capacity_{capacity} {}

  [[nodiscard]] std::optional<Value> find(const Key& key) {
    const std::scoped_lock lock{mutex_};
    const auto at = places_.find(key);
    if (at == places_.end()) return std::nullopt;
    entries_.splice(entries_.begin(), entries_, at->second);
    return at->second->second;
  }

  void put(const Key& key, Value value) {
    const std::scoped_lock lock{mutex_};
    if (const auto at = places_.find(key); at != places_.end()) {
      at->second->second = std::move(value);
      entries_.splice(entries_.begin(), entries_, at->second);
      return;
    }
    entries_.emplace_front(key, std::move(value));
    places_.emplace(key, entries_.begin());
    if (entries_.size() > capacity_) {
      places_.erase(entries_.back().first);
      entries_.pop_back();
    }
  }

  void erase(const Key& key) {
    const std::scoped_lock lock{mutex_};
    const auto at = places_.find(key);
    if (at == places_.end()) return;
    entries_.erase(at->second);
    places_.erase(at);
  }

 private:
  using entry = std::pair<Key, Value>;
  std::mutex mutex_;
  std::size_t capacity_;
  std::list<entry> entries_;
  std::unordered_map<Key, typename std::list<entry>::iterator> places_;
};

}  // namespace nxg::utilities
