#pragma once

#include "resilience/gcra.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nxg::coordination {

struct key_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
};

/// States of limits by key, at most so many: of too many, idle ones and those near their full allowance go first.
/// `State` derives from `resilience::gcra`. Needs a lock around it.
template <class State>
class bounded_keys {
 public:
  /// Null when it is not known.
  State* find(std::string_view key) {
    const auto known = keys_.find(key);
    return known == keys_.end() ? nullptr : &known->second.state;
  }
  /// Made when it is not known.
  State& at(std::string_view key, resilience::gcra::time now, std::size_t max_keys) {
    if (auto* known = find(key)) return *known;
    make_room(now, max_keys);
    auto& made = *keys_.emplace(std::string{key}, slot{{}, order_.size()}).first;
    order_.push_back(&made);
    return made.second.state;
  }
  void erase(std::string_view key) {
    if (const auto known = keys_.find(key); known != keys_.end()) erase(*known);
  }

 private:
  struct slot {
    State state;
    std::size_t place = 0;
  };
  using entry = std::pair<const std::string, slot>;
  /// Entries looked at when a new key comes: more than one, so that idle ones go faster than new ones come.
  static constexpr std::size_t looked_at = 8;

  /// Forgets the idle ones of a few entries; where there is still no room, the one of them nearest to idle.
  void make_room(resilience::gcra::time now, std::size_t max_keys) {
    for (std::size_t i = 0; i < looked_at && !order_.empty(); ++i) {
      cursor_ = (cursor_ + 1) % order_.size();
      if (order_[cursor_]->second.state.idle(now)) erase(*order_[cursor_]);
    }
    while (order_.size() >= max_keys) {
      entry* nearest = order_[cursor_ % order_.size()];
      for (std::size_t i = 1; i < std::min(looked_at, order_.size()); ++i) {
        entry* one = order_[(cursor_ + i) % order_.size()];
        if (one->second.state.taken < nearest->second.state.taken) nearest = one;
      }
      erase(*nearest);
    }
  }
  void erase(entry& gone) {
    order_[gone.second.place] = order_.back();
    order_[gone.second.place]->second.place = gone.second.place;
    order_.pop_back();
    keys_.erase(keys_.find(gone.first));
  }

  std::unordered_map<std::string, slot, key_hash, std::equal_to<>> keys_;
  /// All entries of `keys_`, so that some can be looked at in turn.
  std::vector<entry*> order_;
  std::size_t cursor_ = 0;
};

}  // namespace nxg::coordination
