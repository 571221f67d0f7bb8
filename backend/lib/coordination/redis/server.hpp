#pragma once

#include "coordination/redis.hpp"
#include "coordination/redis/link.hpp"
#include "coordination/redis/script.hpp"
#include "runtime/clock.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace nxg::coordination::redis {

/// The thread of the adapter and its connection for commands. What the parts of the adapter speak through.
class server {
 public:
  server(runtime::clock& time, runtime::random& random, const redis_options& options);
  server(const server&) = delete;
  server& operator=(const server&) = delete;
  /// Ends the thread; whoever still waits is told that there is no answer.
  ~server();

  void start();
  void stop();

  [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }
  [[nodiscard]] const link_settings& settings() const noexcept { return settings_; }
  [[nodiscard]] std::string key(std::string_view kind, std::string_view name) const;

  /// False: commands would not be answered now.
  [[nodiscard]] bool up() const noexcept { return commands_->up(); }
  /// Grows with every connection: what was learned in another epoch may be forgotten by the server.
  [[nodiscard]] std::uint64_t epoch() const noexcept { return commands_->connects(); }
  /// The server's time since 1970; meaningful once it was up. Moving the clock of the process moves it.
  [[nodiscard]] std::chrono::microseconds now() const noexcept;

  /// Null when there is no answer. An error of the server is an answer. Cancelling the caller leaves the command alone.
  task<std::shared_ptr<exchange>> call(std::shared_ptr<exchange> what);
  /// By its hash, or with its text where the server does not know it.
  task<std::shared_ptr<exchange>> run(const script& what, const std::vector<std::string>& keys,
                                      const std::vector<std::string>& arguments);
  /// The same without waiting for what comes of it.
  void start(const script& what, const std::vector<std::string>& keys, const std::vector<std::string>& arguments);
  /// From any thread; `done` is called on the adapter's, or from inside when it is refused.
  void post(std::shared_ptr<exchange> what);
  /// The same, but `done` is never called from inside.
  void post_later(std::shared_ptr<exchange> what);

  /// Calls `then` on the adapter's thread when all commands before are answered; false when there was no answer.
  void barrier(std::function<void(bool)> then);

  /// Called on the adapter's thread at each connection.
  void when_up(std::function<void()> then) { on_up_.push_back(std::move(then)); }
  /// Called on the adapter's thread, for either connection.
  std::function<void(const trouble&)> on_trouble;
  std::function<void()> on_state;

  [[nodiscard]] redis_figures figures() const;
  [[nodiscard]] std::size_t underway() const noexcept { return underway_.load(); }

 private:
  task<void> prepare(link& over);
  void learn_time(const reply& from, std::size_t first, std::chrono::steady_clock::time_point asked);
  std::shared_ptr<exchange> ask_time();
  bool admit(exchange& what);
  void send_admitted(std::shared_ptr<exchange> what);
  void run_thread();

  runtime::clock& time_;
  const redis_options& options_;
  const link_settings settings_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy_{context_.get_executor()};
  std::shared_ptr<link> commands_;
  std::vector<std::function<void()>> on_up_;
  /// From the steady clock to the server's time.
  std::atomic<std::int64_t> offset_us_{0};
  std::atomic<std::size_t> underway_{0};
  std::atomic<std::size_t> underway_bytes_{0};
  std::atomic<std::uint64_t> calls_{0};
  std::atomic<std::uint64_t> failures_{0};
  std::promise<void> drained_;
  std::thread thread_;
};

/// One command in an exchange.
template <class... Arguments>
std::shared_ptr<exchange> command(std::string_view name, const Arguments&... arguments) {
  auto made = std::make_shared<exchange>();
  made->request.push(name, arguments...);
  return made;
}

link_settings settings_of(const redis_options& options);

}  // namespace nxg::coordination::redis
