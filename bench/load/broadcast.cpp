#include "load/load.hpp"
#include "runtime/timer.hpp"
#include "socketio/client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

namespace nxg::load {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

class run {
 public:
  explicit run(const broadcast_options& options) : options_{options}, sockets_{loop_.get_executor(), time_, random_} {}

  outcome broadcasts() {
    start(all_rounds());
    return std::move(result_);
  }

  double idle_bytes() {
    start(idle());
    return idle_bytes_;
  }

 private:
  void start(task<> job) {
    std::exception_ptr failure;
    asio::co_spawn(loop_, std::move(job), [&](std::exception_ptr error) {
      failure = error;
      loop_.stop();
    });
    loop_.run();
    if (failure) std::rethrow_exception(failure);
  }

  task<> connect_all() {
    for (std::size_t i = 0; i < options_.listeners; ++i) {
      auto one = co_await socketio::connect(sockets_, options_.url, options_.namespace_name, options_.auth);
      one.socket->on("news", [this](const socketio::event_args&) { ++result_.delivered; });
      listeners_.push_back(std::move(one));
    }
  }

  task<> all_rounds() {
    co_await connect_all();
    const auto request = fmt::format(R"({{"payload":"{}","times":{}}})", std::string(180, 'x'), options_.times);
    const auto cpu_before = cpu_of(options_.pid);
    const auto begun = time_.steady();
    for (int round = 1; round <= options_.rounds; ++round) {
      co_await listeners_.front().socket->emit_with_ack("broadcast", request, 60s);
      const auto expected = static_cast<std::uint64_t>(round * options_.times) * listeners_.size();
      while (result_.delivered < expected && time_.steady() - begun < 120s) co_await runtime::sleep_for(time_, 1ms);
    }
    const auto cpu_after = cpu_of(options_.pid);
    result_.sent = static_cast<std::uint64_t>(options_.rounds * options_.times);
    result_.seconds = std::chrono::duration<double>(time_.steady() - begun).count();
    result_.cpu_user_seconds = cpu_after.user_seconds - cpu_before.user_seconds;
    result_.cpu_system_seconds = cpu_after.system_seconds - cpu_before.system_seconds;
  }

  task<> idle() {
    const auto before = resident_bytes(options_.pid);
    co_await connect_all();
    co_await runtime::sleep_for(time_, 1s);
    idle_bytes_ = static_cast<double>(resident_bytes(options_.pid) - before) / static_cast<double>(options_.listeners);
  }

  const broadcast_options& options_;
  asio::io_context loop_{1};
  runtime::clock time_;
  runtime::secure_random random_;
  socketio::client_environment sockets_;
  std::vector<socketio::joined_client> listeners_;
  outcome result_;
  double idle_bytes_ = 0;
};

}  // namespace

outcome broadcast(const broadcast_options& options) { return run{options}.broadcasts(); }
double idle_connection_bytes(const broadcast_options& options) { return run{options}.idle_bytes(); }

}  // namespace nxg::load
