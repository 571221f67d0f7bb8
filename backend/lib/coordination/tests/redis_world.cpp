#include "coordination/tests/redis_world.hpp"

#include "runtime/random.hpp"

#include <chrono>
#include <stdexcept>
#include <thread>

namespace nxg::coordination {

namespace {

using namespace std::chrono_literals;
constexpr auto patience = 20s;

redis_host& shared_server(bool secured) {
  if (secured) {
    static redis_host with_tls{{.secured = true, .arguments = {}}};
    return with_tls;
  }
  static redis_host plain;
  return plain;
}

class redis_world final : public world {
 public:
  redis_world(bool secured, in_process_options bounds) {
    auto options = options_for(shared_server(secured));
    options.command_timeout = patience;  // a machine with much to do is no outage
    options.max_limited_keys = bounds.max_limited_keys;
    options.max_present = bounds.max_present;
    options.max_subscriptions = bounds.max_subscriptions;
    here_ = make_redis(time_, random_, options);
    there_ = make_redis(time_, random_, options);
    if (here_->degraded() || there_->degraded()) throw std::runtime_error{"redis-server does not answer"};
  }
  coordinator& here() override { return *here_; }
  coordinator& there() override { return *there_; }
  runtime::clock& time() override { return time_; }
  void pass(std::chrono::milliseconds how_long) override { time_.advance(how_long); }

  /// First what this one sent, then what reached the other.
  void deliver() override {
    for (int i = 0; i < 2; ++i) {
      if (!here_->flush(patience) || !there_->flush(patience)) throw std::runtime_error{"redis-server does not answer"};
    }
  }

  void settle(boost::asio::io_context& context) override {
    const auto until = std::chrono::steady_clock::now() + patience;
    for (;;) {
      context.restart();
      if (context.poll() > 0) continue;
      if (here_->figures().underway + there_->figures().underway == 0) {
        context.restart();
        if (context.poll() == 0) return;
      }
      if (std::chrono::steady_clock::now() > until) throw std::runtime_error{"redis-server does not answer"};
      std::this_thread::yield();
    }
  }

 private:
  runtime::clock time_{runtime::clock::mode::adjustable};
  runtime::secure_random random_;
  std::unique_ptr<redis_coordinator> here_;
  std::unique_ptr<redis_coordinator> there_;
};

}  // namespace

redis_options options_for(const redis_host& server) {
  static int worlds = 0;
  redis_options options;
  options.url = server.url();
  options.authorities_file = server.authorities_file();
  options.prefix = "test" + std::to_string(++worlds) + ":";
  options.start_timeout = patience;
  return options;
}

std::unique_ptr<world> make_redis_world(bool secured, in_process_options options) {
  return std::make_unique<redis_world>(secured, options);
}

}  // namespace nxg::coordination
