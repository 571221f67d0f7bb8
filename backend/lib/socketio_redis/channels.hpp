#pragma once

#include "coordination/redis.hpp"
#include "socketio/redis_adapter.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nxg::socketio_redis {

/// The channels of the coordination library, as the adapter of the rooms wants them. `of` must outlive it.
class channels final : public socketio::redis_pub_sub {
 public:
  explicit channels(coordination::redis_channels& of) : of_{of} {}

  void publish(std::string_view channel, std::string_view message) override { of_.publish(channel, message); }
  std::shared_ptr<void> listen(std::string pattern, handler heard, std::function<void()> gap) override {
    return of_.listen_pattern(std::move(pattern), {std::move(heard), std::move(gap)});
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

/// The same for commands. `of` must outlive it.
class commands final : public socketio::redis_commands {
 public:
  explicit commands(coordination::redis_commands& of) : of_{of} {}

  [[nodiscard]] std::uint64_t connection() const noexcept override { return of_.connection(); }
  void call(std::vector<std::vector<std::string>> what, std::uint64_t over,
            std::function<void(socketio::redis_answer)> then) override {
    of_.call(what, over, [then = std::move(then)](coordination::redis_result&& result) {
      then({.is_known = result.is_known, .error = std::move(result.error), .values = std::move(result.values)});
    });
  }

 private:
  coordination::redis_commands& of_;
};

}  // namespace nxg::socketio_redis
