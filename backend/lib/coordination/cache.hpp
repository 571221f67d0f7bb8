#pragma once

#include "runtime/task.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace nxg::coordination {

/// How long a value is good for, from the moment it is stored.
struct lifetime {
  /// Answered without a look at the source.
  std::chrono::milliseconds fresh{60'000};
  /// Afterwards, for so long, it may stand in where the source fails.
  std::chrono::milliseconds stale{0};
  /// How long it is remembered that the source has nothing.
  std::chrono::milliseconds negative{5'000};
};

enum class freshness : std::uint8_t {
  /// Just made by this call, or by the one it waited for.
  filled,
  fresh,
  stale,
};

/// What a cache knows.
struct cached {
  /// Null: it is known that there is nothing.
  std::shared_ptr<const std::string> value;
  freshness how = freshness::fresh;
  /// Since it was stored.
  std::chrono::milliseconds age{0};
};

/// Values that processes may share and may lose; never documents that another process may change. Thread-safe.
///
/// Keys are text of up to 512 bytes, `wps:plan:<id>` by habit; values are bytes. Both are bounded in number and size:
/// what has not been used for longest goes first, and a value that alone exceeds the bound is not kept. An adapter that
/// has lost its server behaves as if it held nothing.
class cache {
 public:
  cache() = default;
  cache(const cache&) = delete;
  cache& operator=(const cache&) = delete;
  virtual ~cache() = default;

  /// Makes the value; nothing: there is none. What it throws says that the source failed.
  using fill_function = std::function<task<std::optional<std::string>>()>;

  /// Nothing when the key is unknown or its value is older than fresh and stale together. Look at `how`.
  virtual task<std::optional<cached>> get(std::string_view key) = 0;
  /// No value: remembers for `how_long.negative` that there is none.
  virtual task<void> put(std::string_view key, std::optional<std::string> value, lifetime how_long) = 0;
  virtual task<void> remove(std::string_view key) = 0;

  /// The fresh value, or the one that `fill` makes, which is stored. Of those in this process who ask for one key at
  /// the same time, one fills and the others wait for it. If it throws, a stale value is the answer of all of them;
  /// without one, each gets its exception. If the one who fills is cancelled, the next in line fills with its own
  /// `fill`. Cancellable; `fill` runs inside the caller's coroutine and ends with it.
  virtual task<cached> get_or_fill(std::string_view key, lifetime how_long, fill_function fill) = 0;
};

/// The key; throws `std::invalid_argument` when it is empty or too long.
inline std::string_view checked_key(std::string_view key) {
  if (key.empty() || key.size() > 512) throw std::invalid_argument{"a key of the cache has 1 to 512 bytes"};
  return key;
}

}  // namespace nxg::coordination
