#pragma once

#include "runtime/random.hpp"
#include "socketio/adapter.hpp"

#include <functional>
#include <memory>
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
  [[nodiscard]] virtual std::shared_ptr<void> listen(std::string pattern, handler heard) = 0;
};

struct redis_adapter_options {
  /// In front of all channels; `key` of the Node adapter.
  std::string key = "socket.io";
  /// A message that is larger is not sent to others, nor taken from them.
  std::size_t max_message_bytes = 1 << 20;
  /// What others sent and nobody understood; on the thread that heard it.
  std::function<void(std::string_view why)> on_malformed = {};
};

/// Broadcasts reach the sockets of all processes whose adapter speaks this format: that of version 8 of Node's
/// `@socket.io/redis-adapter` (not its sharded one). Joining, leaving, disconnecting and listing stay in this process.
///
/// While Redis is away, broadcasts reach the sockets of this process only.
adapter_factory make_redis_adapter(redis_pub_sub& through, runtime::random& random, redis_adapter_options options = {});

}  // namespace nxg::socketio
