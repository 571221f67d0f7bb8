#pragma once

#include "coordination/redis/address.hpp"
#include "coordination/redis/reply.hpp"
#include "runtime/random.hpp"
#include "runtime/task.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/redis/request.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace boost::redis {
class connection;
}

namespace nxg::coordination::redis {

class push_reader;

/// Commands that travel together, and what came of them.
struct exchange {
  enum class outcome : std::uint8_t { pending, answered, unanswered };

  boost::redis::request request;
  reply answer;
  outcome state = outcome::pending;
  /// Only over the connection of this number; 0: whichever there is.
  std::uint64_t over = 0;
  /// Called once, on the link's thread.
  std::move_only_function<void(outcome)> done;
};

/// Why a connection was not made, or ended.
struct trouble {
  /// Trying again without a change of settings will not help.
  bool refused = false;
  std::string why;
};

struct link_settings {
  address server;
  std::string authorities_file;
  std::string url_setting;
  std::string authorities_setting;
  std::chrono::milliseconds connect_timeout;
  std::chrono::milliseconds command_timeout;
  std::chrono::milliseconds heartbeat;
  std::chrono::milliseconds first_pause;
  std::chrono::milliseconds longest_pause;
};

/// One connection to the server that is made again whenever it is lost. All of it lives on one thread.
///
/// Each attempt has a Boost.Redis connection of its own, which neither reconnects nor checks health by itself: those of
/// 1.88 end for good on a refused connect and hang without limit on a server that does not answer.
class link : public std::enable_shared_from_this<link> {
 public:
  struct hooks {
    /// After the greeting, before anybody else may ask. What it throws ends the attempt.
    std::function<task<void>(link&)> prepare;
    std::function<void()> up;
    /// It was up, or an attempt failed.
    std::function<void(const trouble&)> down;
    /// A message of a subscription; `pattern` is empty unless one was subscribed.
    std::function<void(std::string_view channel, std::string_view payload, std::string_view pattern)> message;
    /// Asked at each heartbeat; must be answered without an error.
    std::function<std::shared_ptr<exchange>()> beat;
  };

  link(boost::asio::io_context& context, runtime::random& random, link_settings settings, hooks to);
  link(const link&) = delete;
  link& operator=(const link&) = delete;
  ~link();

  void start();
  void stop();

  /// From any thread.
  [[nodiscard]] bool up() const noexcept { return up_.load(std::memory_order_acquire); }
  [[nodiscard]] std::uint64_t connects() const noexcept { return connects_.load(std::memory_order_relaxed); }

  /// Sends at once, or calls `done` from inside this call when the link is not up.
  void send(std::shared_ptr<exchange> what);
  /// The same for `prepare`, which runs before the link is up. Throws a `trouble` without words when there is no
  /// answer: whoever ended the connection knows why.
  task<void> ask(std::shared_ptr<exchange> what);
  /// Ends the connection; another attempt follows.
  void drop(trouble why);

 private:
  task<void> keep();
  task<void> attempt();
  task<void> watch();
  task<void> get_ready(std::shared_ptr<boost::redis::connection> over);
  std::shared_ptr<boost::redis::connection> make_connection();
  void receive(std::shared_ptr<boost::redis::connection> from);
  void transmit(std::shared_ptr<exchange> what);
  void forget_answered();
  void check_answers();
  [[nodiscard]] trouble explain(const boost::system::error_code& error) const;
  std::chrono::milliseconds pause_before(unsigned attempt);

  boost::asio::io_context& context_;
  runtime::random& random_;
  const link_settings settings_;
  const hooks to_;
  std::unique_ptr<push_reader> pushes_;
  std::shared_ptr<boost::redis::connection> connection_;
  boost::asio::steady_timer ended_;
  boost::asio::steady_timer resting_;
  boost::asio::steady_timer ticking_;
  trouble why_;
  bool stopped_ = false;
  bool beating_ = false;
  std::chrono::steady_clock::time_point next_beat_{};
  unsigned failures_ = 0;
  std::atomic<bool> up_{false};
  std::atomic<std::uint64_t> connects_{0};

  struct waiting {
    std::chrono::steady_clock::time_point at;
    std::shared_ptr<exchange> what;
  };
  /// In the order of sending, which is that of the answers.
  std::deque<waiting> unanswered_;
};

/// The trusted authorities; throws `redis_unusable`.
boost::asio::ssl::context make_tls(const link_settings& settings);

}  // namespace nxg::coordination::redis
