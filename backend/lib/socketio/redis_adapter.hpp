#pragma once

#include "runtime/random.hpp"
#include "socketio/adapter.hpp"
#include "socketio/redis_commands.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace nxg::socketio {

/// What the adapter needs of Redis. Must outlive the server.
class redis_pub_sub {
 public:
  virtual ~redis_pub_sub() = default;

  /// Never waits; what cannot be sent is lost.
  virtual void publish(std::string_view channel, std::string_view message) = 0;
  /// Calls `heard`, from any thread and one call at a time, for messages on channels that match `pattern` (PSUBSCRIBE),
  /// until what it returns is destroyed; a call that has begun may still finish.
  using handler = std::function<void(std::string_view channel, std::string_view message)>;
  /// `gap` is called, like `heard`, when messages may have been lost.
  [[nodiscard]] virtual std::shared_ptr<void> listen(std::string pattern, handler heard, std::function<void()> gap) = 0;
  /// The same for one channel (SUBSCRIBE: Node counts these).
  [[nodiscard]] virtual std::shared_ptr<void> subscribe(std::string channel, handler heard) = 0;
  /// Publishes and says, on any thread, how many heard it; nothing when it could not be sent.
  virtual void publish_counted(std::string_view channel, std::string_view message,
                               std::function<void(std::optional<std::size_t>)> then) = 0;
};

struct redis_adapter_options {
  /// In front of all channels; `key` of the Node adapter.
  std::string key = "socket.io";
  /// A message that is larger is not sent to others, nor taken from them.
  std::size_t max_message_bytes = 1 << 20;
  /// How long other processes may take to say which sockets they have.
  std::chrono::milliseconds request_timeout{5'000};
  /// With these and `server_options::recovery`, clients come back at any process. Keys begin with `key`.
  redis_commands* commands = nullptr;
  /// What others sent and nobody understood, and what Redis would not do; on the thread that heard it.
  std::function<void(std::string_view why)> on_malformed = {};
};

/// Reaches the sockets of all processes whose adapter speaks this format: that of version 8 of Node's
/// `@socket.io/redis-adapter` (not its sharded one), and of `@socket.io/redis-emitter`. Broadcasts, with answers or
/// without; joining, leaving, disconnecting, listing; what servers say to one another.
///
/// While Redis is away, all of it reaches this process only.
adapter_factory make_redis_adapter(redis_pub_sub& through, runtime::random& random, redis_adapter_options options = {});

}  // namespace nxg::socketio
