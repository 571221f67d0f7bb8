#pragma once

#include "coordination/coordinator.hpp"
#include "runtime/clock.hpp"
#include "runtime/random.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace nxg::coordination {

struct redis_options {
  /// `redis://[user:password@]host[:port][/database]`, `rediss://…` with TLS. User and password are percent-decoded.
  std::string url;
  /// PEM file of the authorities that may have signed the server's certificate; empty: those of the system.
  std::string authorities_file;
  /// What error messages call the two above.
  std::string url_setting = "NXG_REDIS_URL";
  std::string authorities_setting = "NXG_REDIS_CA_FILE";
  /// In front of all keys and channels: deployments that share a server have different ones.
  std::string prefix = "nxg:";

  /// How long `make_redis` waits for the server before it starts degraded.
  std::chrono::milliseconds start_timeout{2'000};
  std::chrono::milliseconds connect_timeout{2'000};
  /// What is not answered for so long ends the connection, and all that waits for it.
  std::chrono::milliseconds command_timeout{1'000};
  std::chrono::milliseconds heartbeat{1'000};
  /// Pauses between attempts to connect: doubled from the first to the last, with jitter.
  std::chrono::milliseconds first_pause{50};
  std::chrono::milliseconds longest_pause{2'000};

  /// Commands and their bytes that were sent or wait to be; what comes on top is refused.
  std::size_t max_underway = 16'384;
  std::size_t max_underway_bytes = 64 << 20;
  /// A larger value is not kept.
  std::size_t max_cache_value_bytes = 1 << 20;
  /// Topics whose lost messages are remembered one by one; of more, all subscribers are told.
  std::size_t max_lost_topics = 1'000;

  /// What this process keeps itself, see `in_process_options`.
  std::size_t max_limited_keys = 200'000;
  std::size_t max_present = 200'000;
  std::size_t max_subscriptions = 100'000;

  /// Told, on the adapter's thread, whenever `degraded()` changes, with the reason (no secrets in it). Must not block.
  std::function<void(bool degraded, const std::string& why)> changed;
};

/// The server is there and will have nothing of us, or the setting makes no sense: a wrong URL, password, right,
/// certificate. The text begins with the name of the setting.
class redis_unusable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What the adapter did since its start, for metrics.
struct redis_figures {
  std::uint64_t commands = 0;
  /// Commands without an answer: the server was away, too slow, or too much was under way.
  std::uint64_t failures = 0;
  std::uint64_t connects = 0;
  std::size_t underway = 0;
  /// Of the rate limiter: how many answers came from a leased slice, without Redis.
  std::uint64_t taken_locally = 0;
};

/// A channel of Redis as it is, for those who speak with programs of others. Thread-safe.
class redis_channels {
 public:
  redis_channels() = default;
  redis_channels(const redis_channels&) = delete;
  redis_channels& operator=(const redis_channels&) = delete;
  virtual ~redis_channels() = default;

  /// Both are called on the adapter's thread and must not block; what they throw is dropped. A call that has begun may
  /// still finish after the end of the subscription.
  struct listener {
    std::function<void(std::string_view channel, std::string_view payload)> message;
    /// Messages may have been lost before now.
    std::function<void()> gap;
  };

  /// False when it could not be sent.
  virtual bool publish(std::string_view channel, std::string_view payload) = 0;
  /// The same; calls `then`, maybe on the adapter's thread, with how many listeners the server gave it to, over all
  /// processes, or with nothing when it could not be sent.
  virtual void publish_counted(std::string_view channel, std::string_view payload,
                               std::function<void(std::optional<std::size_t>)> then) = 0;
  [[nodiscard]] virtual std::unique_ptr<subscription> listen(std::string channel, listener to) = 0;
  /// As PSUBSCRIBE has it. Lasts as long as the adapter: what comes after the end of the subscription is ignored.
  [[nodiscard]] virtual std::unique_ptr<subscription> listen_pattern(std::string pattern, listener to) = 0;
};

/// What the server answered to some commands: their values without the arrays around them.
struct redis_result {
  /// False: there was no answer, and whether they were carried out is not known.
  bool is_known = false;
  /// Of the first command that was refused.
  std::string error = {};
  std::vector<std::string> values = {};
};

/// Commands as they are, for libraries that keep something of their own in Redis. Thread-safe.
class redis_commands {
 public:
  redis_commands() = default;
  redis_commands(const redis_commands&) = delete;
  redis_commands& operator=(const redis_commands&) = delete;
  virtual ~redis_commands() = default;

  /// Grows with each connection to the server: what was learned over another one may be forgotten there.
  [[nodiscard]] virtual std::uint64_t connection() const noexcept = 0;
  /// Sends them together, in the order of the calls of one thread; only over connection number `over`, unless it is 0.
  /// Calls `then` on the adapter's thread, never from inside; it must not block.
  virtual void call(const std::vector<std::vector<std::string>>& commands, std::uint64_t over,
                    std::function<void(redis_result&&)> then) = 0;
};

/// `coordinator` over one Redis server (version 7 or later).
///
/// It has a thread and two connections of its own: one for commands, which pipelines what all cores ask, and one for
/// subscriptions. Connections come back by themselves. While one of them is away, `degraded()`: limits count in this
/// process from what was last known, the cache misses, messages and presence stay in this process. No call waits longer
/// than `command_timeout` and a bit.
///
/// Expiries and allowances follow the clock of the Redis server, so that the clocks of processes need not agree;
/// moving an adjustable clock moves them for this process.
class redis_coordinator : public coordinator {
 public:
  virtual redis_channels& channels() = 0;
  virtual redis_commands& commands() = 0;
  [[nodiscard]] virtual redis_figures figures() const = 0;
  /// Waits, at most so long, until all that was asked is answered and all that was received is handed on. Blocks the
  /// thread: for shutting down, and tests. False when it was not so.
  virtual bool flush(std::chrono::milliseconds at_most) = 0;
};

/// Blocks for `start_timeout` at most. A server that cannot be reached is an outage: it starts degraded and goes on
/// trying. Throws `redis_unusable` where waiting would not help. `time` and `random` must outlive it.
std::unique_ptr<redis_coordinator> make_redis(runtime::clock& time, runtime::random& random, redis_options options);

}  // namespace nxg::coordination
