// coordination_bench REDIS_URL: what 256 coroutines on one core get through the adapter for Redis. Prints one JSON
// object of answers per second.

#include "coordination/redis.hpp"
#include "runtime/clock.hpp"
#include "runtime/random.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace nxg;
namespace asio = boost::asio;
using clock_type = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr int callers = 256;
constexpr auto how_long = 3s;
constexpr std::size_t value_bytes = 100;

using job = std::function<task<>(int caller)>;

/// The turn passes on after some, also where nothing had to be waited for.
constexpr int at_a_time = 64;

task<> repeat(const job& once, int caller, clock_type::time_point until, std::size_t& count) {
  while (clock_type::now() < until) {
    for (int i = 0; i < at_a_time; ++i) co_await once(caller);
    count += at_a_time;
    co_await asio::post(asio::use_awaitable);
  }
}

double per_second(const job& once) {
  asio::io_context context{1};
  std::size_t count = 0;
  const auto began = clock_type::now();
  for (int i = 0; i < callers; ++i) asio::co_spawn(context, repeat(once, i, began + how_long, count), asio::detached);
  context.run();
  return static_cast<double>(count) / std::chrono::duration<double>(clock_type::now() - began).count();
}

task<> get(coordination::cache& from, const std::string& key) {
  const auto known = co_await from.get(key);
  if (!known) throw std::runtime_error{"the value is gone"};
}

task<> take(coordination::rate_limiter& from, const std::string& key, const coordination::rate& limit) {
  co_await from.take(key, limit);
}

int run(const std::string& url) {
  runtime::clock time;
  runtime::secure_random random;
  coordination::redis_options options;
  options.url = url;
  options.prefix = "bench:";
  const auto shared = coordination::make_redis(time, random, options);
  if (shared->degraded()) throw std::runtime_error{"no Redis at that address"};

  asio::io_context context;
  const std::string key = "key";
  const coordination::lifetime one_hour{.fresh = 1h};
  asio::co_spawn(context, shared->cache().put(key, std::string(value_bytes, 'x'), one_hour), asio::detached);
  context.run();
  const job getting = [&](int) { return get(shared->cache(), key); };
  const double gets = per_second(getting);

  std::vector<std::string> keys;
  for (int i = 0; i < callers; ++i) keys.push_back("member:" + std::to_string(i));
  const coordination::rate tight{1, 1ms, 9};  // too small for slices: each one asks
  const job asking = [&](int caller) {
    return take(shared->rate_limiter(), keys[static_cast<std::size_t>(caller)], tight);
  };
  const double asked = per_second(asking);
  const coordination::rate wide{1'000'000'000, 1h, 0};
  for (auto& one : keys) one += ":wide";
  const job leasing = [&](int caller) {
    return take(shared->rate_limiter(), keys[static_cast<std::size_t>(caller)], wide);
  };
  const double leased = per_second(leasing);
  fmt::print(R"({{"getsPerSecond":{:.0f},"takesPerSecond":{:.0f},"leasedTakesPerSecond":{:.0f}}})"
             "\n",
             gets, asked, leased);
  return 0;
}

}  // namespace

int main(int count, char** values) {
  if (count != 2) {
    fmt::print(stderr, "coordination_bench REDIS_URL\n");
    return 2;
  }
  try {
    return run(values[1]);
  } catch (const std::exception& error) {
    fmt::print(stderr, "coordination_bench: {}\n", error.what());
    return 1;
  }
}
