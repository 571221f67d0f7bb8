#include "app/sharing.hpp"

#include "coordination/in_process.hpp"
#include "coordination/redis.hpp"
#include "socketio_redis/channels.hpp"

#include <utility>

namespace nxg::app {

namespace {

coordination::redis_options redis_of(const settings& values, const platform& on) {
  coordination::redis_options result;
  result.url = values.redis_url;
  result.authorities_file = values.redis_ca_file;
  result.prefix = values.redis_prefix;
  result.changed = [log = on.log](bool degraded, const std::string& why) {
    if (degraded) {
      log.warn("Redis is away: limits, caches and messages are this process's own", {{"reason", why}});
    } else {
      log.info("Redis answers");
    }
  };
  return result;
}

void show_figures(sharing& of, const coordination::redis_coordinator& redis, platform& on) {
  using figures = coordination::redis_figures;
  const auto count = [&](std::string_view name, std::string_view help, auto read) {
    of.registrations.push_back(
        on.metrics.counter_from(name, help, {}, [&redis, read] { return static_cast<double>(read(redis.figures())); }));
  };
  count("nxg_redis_commands_total", "Commands sent to Redis", [](const figures& now) { return now.commands; });
  count("nxg_redis_failures_total", "Commands Redis did not answer", [](const figures& now) { return now.failures; });
  count("nxg_redis_connects_total", "Connections made to Redis", [](const figures& now) { return now.connects; });
  count("nxg_redis_limits_taken_locally_total", "Answers of the rate limiter that needed no question to Redis",
        [](const figures& now) { return now.taken_locally; });
  of.registrations.push_back(on.metrics.gauge_from("nxg_redis_underway", "Commands without their answer yet", {},
                                                   [&redis] { return static_cast<double>(redis.figures().underway); }));
  of.registrations.push_back(on.metrics.gauge_from("nxg_redis_degraded", "1 while Redis is away", {},
                                                   [&redis] { return redis.degraded() ? 1.0 : 0.0; }));
}

}  // namespace

sharing::sharing(const settings& values, platform& on) {
  if (values.redis_url.empty()) {
    coordinator = coordination::make_in_process(on.time);
    return;
  }
  auto redis = coordination::make_redis(on.time, on.random, redis_of(values, on));
  channels = std::make_unique<socketio_redis::channels>(redis->channels());
  socketio::redis_adapter_options options;
  options.key = values.redis_prefix + "socket.io";
  options.on_malformed = [log = on.log](std::string_view why) {
    log.repeated(telemetry::log_level::warn, "a message on the channels of the rooms makes no sense",
                 {{"reason", std::string{why}}});
  };
  rooms = socketio::make_redis_adapter(*channels, on.random, std::move(options));
  show_figures(*this, *redis, on);
  coordinator = std::move(redis);
}

}  // namespace nxg::app
