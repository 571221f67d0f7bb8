#pragma once

#include "coordination/redis.hpp"
#include "socketio/redis_adapter.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace nxg::socketio_redis {

/// The channels of the coordination library, as the adapter of the rooms wants them. `of` must outlive it. Gaps are not
/// told: rooms promise nothing to who was cut off from them.
class channels final : public socketio::redis_pub_sub {
 public:
  explicit channels(coordination::redis_channels& of) : of_{of} {}

  void publish(std::string_view channel, std::string_view message) override { of_.publish(channel, message); }
  std::shared_ptr<void> listen(std::string pattern, handler heard) override {
    return of_.listen_pattern(std::move(pattern), {std::move(heard), [] {}});
  }
  std::shared_ptr<void> subscribe(std::string channel, handler heard) override {
    return of_.listen(std::move(channel), {std::move(heard), [] {}});
  }
  void publish_counted(std::string_view channel, std::string_view message,
                       std::function<void(std::optional<std::size_t>)> then) override {
    of_.publish_counted(channel, message, std::move(then));
  }

 private:
  coordination::redis_channels& of_;
};

}  // namespace nxg::socketio_redis
