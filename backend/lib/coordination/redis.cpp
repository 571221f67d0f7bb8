#include "coordination/redis.hpp"

#include "coordination/redis/bus.hpp"
#include "coordination/redis/cache.hpp"
#include "coordination/redis/presence.hpp"
#include "coordination/redis/rate_limiter.hpp"
#include "coordination/redis/server.hpp"
#include "coordination/redis/subscriber.hpp"

#include <boost/asio/post.hpp>

#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>
#include <utility>

namespace nxg::coordination {

namespace {

using namespace redis;
using std::chrono::steady_clock;

class raw_commands final : public redis_commands {
 public:
  explicit raw_commands(server& through) : through_{through} {}

  [[nodiscard]] std::uint64_t connection() const noexcept override { return through_.epoch(); }
  void call(const std::vector<std::vector<std::string>>& commands, std::uint64_t over,
            std::function<void(redis_result&&)> then) override {
    auto what = std::make_shared<exchange>();
    for (const auto& one : commands) {
      what->request.push_range(one.front(), one.begin() + 1, one.end());
    }
    what->over = over;
    what->done = [of = what.get(), then = std::move(then)](exchange::outcome how) { then(result_of(*of, how)); };
    through_.post_later(std::move(what));
  }

 private:
  static redis_result result_of(const exchange& what, exchange::outcome how) {
    redis_result result;
    if (how != exchange::outcome::answered) return result;
    result.is_known = true;
    if (const auto* const error = what.answer.error()) result.error = error->text;
    for (const auto* const one : what.answer.values()) result.values.push_back(one->text);
    return result;
  }

  server& through_;
};

class over_redis final : public redis_coordinator {
 public:
  over_redis(runtime::clock& time, runtime::random& random, redis_options options)
      : options_{std::move(options)},
        server_{time, random, options_},
        commands_{server_},
        subscriber_{server_, random},
        cache_{server_, options_},
        rate_limiter_{server_, time, options_},
        bus_{server_, subscriber_, random, options_},
        presence_{server_, time, options_} {
    server_.on_state = [this] { state_changed({}); };
    server_.on_trouble = [this](const trouble& why) { state_changed(why); };
  }
  ~over_redis() override {
    boost::asio::post(server_.context(), [this] { subscriber_.stop(); });
    server_.stop();
  }

  void start() {
    subscriber_.start();
    server_.start();
    std::unique_lock lock{mutex_};
    const auto settled = [this] { return told_degraded_ == false || trouble_.refused; };
    if (changed_.wait_for(lock, options_.start_timeout, settled) && trouble_.refused) {
      throw redis_unusable{trouble_.why};
    }
    starting_ = false;
  }

  coordination::cache& cache() override { return cache_; }
  coordination::rate_limiter& rate_limiter() override { return rate_limiter_; }
  coordination::bus& bus() override { return bus_; }
  coordination::presence& presence() override { return presence_; }
  redis_channels& channels() override { return subscriber_; }
  redis_commands& commands() override { return commands_; }
  bool degraded() const override { return !server_.up() || !subscriber_.up(); }

  redis_figures figures() const override {
    auto result = server_.figures();
    result.taken_locally = rate_limiter_.taken_locally();
    return result;
  }

  bool flush(std::chrono::milliseconds at_most) override {
    const auto until = steady_clock::now() + at_most;
    const auto reached = [&](auto barrier) {
      auto done = std::make_shared<std::promise<bool>>();
      auto answer = done->get_future();
      barrier([done](bool well) { done->set_value(well); });
      return answer.wait_until(until) == std::future_status::ready && answer.get();
    };
    return reached([this](auto then) { server_.barrier(std::move(then)); }) &&
           reached([this](auto then) { subscriber_.barrier(std::move(then)); });
  }

 private:
  /// On the adapter's thread; an empty `why` says that a connection was made.
  void state_changed(const trouble& why) {
    const bool now_degraded = degraded();
    {
      const std::lock_guard lock{mutex_};
      if (!starting_ || !trouble_.refused) trouble_ = why;
      if (now_degraded && why.why.empty()) return;  // the other connection is still to come
      if (told_degraded_ == now_degraded && (!starting_ || !why.refused)) return;
      told_degraded_ = now_degraded;
    }
    changed_.notify_all();
    if (options_.changed) options_.changed(now_degraded, why.why);
  }

  const redis_options options_;
  std::mutex mutex_;
  std::condition_variable changed_;
  trouble trouble_;
  bool starting_ = true;
  /// What was told last; nothing before the first time.
  std::optional<bool> told_degraded_;
  server server_;
  raw_commands commands_;
  subscriber subscriber_;
  redis_cache cache_;
  redis_rate_limiter rate_limiter_;
  redis_bus bus_;
  redis_presence presence_;
};

}  // namespace

std::unique_ptr<redis_coordinator> make_redis(runtime::clock& time, runtime::random& random, redis_options options) {
  auto made = std::make_unique<over_redis>(time, random, std::move(options));
  made->start();
  return made;
}

}  // namespace nxg::coordination
