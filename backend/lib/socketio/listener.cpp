#include "socketio/listener.hpp"

#include "runtime/timer.hpp"
#include "socketio/http_connection.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

#include <sys/socket.h>

namespace nxg::socketio {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// One core's acceptor. It is held by that core's coroutines alone: what belongs to a loop must not outlive it in the
/// queue of another.
class door : public std::enable_shared_from_this<door> {
 public:
  door(std::shared_ptr<const detail::http_house> of, std::size_t core, const executor& where, runtime::clock& time)
      : time_{time},
        core_{std::make_shared<detail::http_core>(std::move(of), core, std::make_shared<io_core>(where, time))},
        acceptor_{where} {}

  /// Returns the address with the port that was chosen.
  tcp::endpoint open(const tcp::endpoint& at) {
    acceptor_.open(at.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address{true});
    acceptor_.set_option(asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>{true});
    acceptor_.bind(at);
    acceptor_.listen();
    return acceptor_.local_endpoint();
  }
  void start() { asio::co_spawn(acceptor_.get_executor(), accept(), asio::detached); }
  void close() {
    asio::post(acceptor_.get_executor(), [self = shared_from_this()] {
      boost::system::error_code ignored;
      self->acceptor_.close(ignored);
    });
  }

 private:
  task<> accept() {
    const auto self = shared_from_this();
    while (acceptor_.is_open()) {
      boost::system::error_code error;
      auto socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (error == asio::error::operation_aborted) co_return;
      if (error) {  // most likely no descriptor is free: others will be soon
        co_await runtime::sleep_for(time_, std::chrono::milliseconds{50});
      } else if (core_->waiting < core_->house->options.max_waiting) {
        std::make_shared<detail::http_connection>(core_, std::move(socket))->start();
      }
    }
  }

  runtime::clock& time_;
  std::shared_ptr<detail::http_core> core_;
  tcp::acceptor acceptor_;
};

}  // namespace

struct listener::state {
  std::vector<std::shared_ptr<door>> doors;
  std::uint16_t port = 0;
};

listener::listener(const std::vector<executor>& cores, runtime::clock& time, listener_options options, http_doors doors)
    : state_{std::make_unique<state>()} {
  tcp::endpoint at{asio::ip::make_address(options.address), options.port};
  const auto common = std::make_shared<const detail::http_house>(
      detail::http_house{.options = std::move(options), .doors = std::move(doors)});
  for (const auto& where : cores) {
    state_->doors.push_back(std::make_shared<door>(common, state_->doors.size(), where, time));
    at = state_->doors.back()->open(at);
  }
  state_->port = at.port();
  for (const auto& one : state_->doors) one->start();
}

listener::~listener() { close(); }

std::uint16_t listener::port() const noexcept { return state_->port; }

void listener::close() {
  for (const auto& one : state_->doors) one->close();
}

}  // namespace nxg::socketio
