#pragma once

#include "socketio/namespace_table.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace nxg::socketio::detail {

/// On which cores a room has members, so that a message for a room wakes no core that has none. Thread-safe; locked in
/// parts, for a moment.
class room_cores {
 public:
  /// One bit per core; the cores beyond share the last, which is then always set.
  using core_set = std::uint64_t;
  static constexpr std::size_t told_apart = 63;
  static constexpr core_set bit(std::size_t core) noexcept { return core_set{1} << std::min(core, told_apart); }

  void add(std::string_view room, std::size_t core) {
    auto& in = part_of(room);
    const std::lock_guard lock{in.mutex};
    if (const auto it = in.rooms.find(room); it != in.rooms.end()) {
      it->second |= bit(core);
    } else {
      in.rooms.emplace(room, bit(core));
    }
  }

  void remove(std::string_view room, std::size_t core) {
    if (core >= told_apart) return;  // another core may have it, too
    auto& in = part_of(room);
    const std::lock_guard lock{in.mutex};
    const auto it = in.rooms.find(room);
    if (it == in.rooms.end()) return;
    it->second &= ~bit(core);
    if (it->second == 0) in.rooms.erase(it);
  }

  [[nodiscard]] core_set of(std::string_view room) {
    auto& in = part_of(room);
    const std::lock_guard lock{in.mutex};
    const auto it = in.rooms.find(room);
    return it == in.rooms.end() ? 0 : it->second;
  }

 private:
  struct alignas(64) part {
    std::mutex mutex;
    std::unordered_map<std::string, core_set, text_hash, std::equal_to<>> rooms;
  };
  /// By its end, where names of rooms differ most; a part's table hashes the whole name anyway.
  part& part_of(std::string_view room) noexcept {
    return parts_[room.empty() ? 0 : static_cast<unsigned char>(room.back()) % parts_.size()];
  }

  std::array<part, 16> parts_;
};

/// Counts as long as it lives: something is on its way to a core after which that core may have rooms it does not have
/// yet. Whoever asked for it may send to these rooms at once.
class on_its_way {
 public:
  explicit on_its_way(std::atomic<std::size_t>& count) noexcept : count_{&count} {
    count.fetch_add(1, std::memory_order_relaxed);
  }
  on_its_way(on_its_way&& other) noexcept : count_{std::exchange(other.count_, nullptr)} {}
  on_its_way& operator=(on_its_way&&) = delete;
  ~on_its_way() {
    // What it did is seen by who no longer counts it.
    if (count_ != nullptr) count_->fetch_sub(1, std::memory_order_release);
  }

 private:
  std::atomic<std::size_t>* count_;
};

}  // namespace nxg::socketio::detail
