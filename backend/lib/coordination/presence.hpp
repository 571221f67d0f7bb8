#pragma once

#include "runtime/clock.hpp"
#include "runtime/task.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::coordination {

/// Someone or something that is connected.
struct present {
  std::string member;
  /// Of its first connection that is still there.
  instant since{};
  std::uint64_t connections = 0;

  friend bool operator==(const present&, const present&) = default;
};

/// Who and what is connected, in groups (`user:<id>`, `branch:<id>:machines`, …), over all processes. Every entry ends
/// by itself unless renewed, so a process that died leaves nobody behind. A hint, never an authority. Thread-safe and
/// bounded.
class presence {
 public:
  presence() = default;
  presence(const presence&) = delete;
  presence& operator=(const presence&) = delete;
  virtual ~presence() = default;

  /// Enters or renews for `how_long`. `connection` tells several connections of one member apart. False when the bound
  /// is reached and this one could not be entered.
  virtual task<bool> enter(std::string_view group, std::string_view member, std::string_view connection,
                           std::chrono::milliseconds how_long) = 0;
  /// Does nothing when it was not there.
  virtual task<void> leave(std::string_view group, std::string_view member, std::string_view connection) = 0;
  /// Members, not connections.
  virtual task<std::size_t> count(std::string_view group) = 0;
  virtual task<bool> is_present(std::string_view group, std::string_view member) = 0;
  /// At most `limit`, ordered by member, those after `after`.
  virtual task<std::vector<present>> list(std::string_view group, std::size_t limit = 1000,
                                          std::string_view after = {}) = 0;
};

}  // namespace nxg::coordination
