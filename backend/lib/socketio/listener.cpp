#include "socketio/listener.hpp"

#include "runtime/timer.hpp"
#include "socketio/websocket.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <utility>

#include <sys/socket.h>

namespace nxg::socketio {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// What the doors of all cores have in common.
struct house {
  runtime::clock& time;
  listener_options options;
  std::function<void(upgrade&&)> take;
};

/// One core's acceptor. It is held by that core's coroutines alone: what belongs to a loop must not outlive it in the
/// queue of another.
class door : public std::enable_shared_from_this<door> {
 public:
  door(std::shared_ptr<const house> of, std::size_t core, const executor& where)
      : house_{std::move(of)}, core_{core}, acceptor_{where} {}

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
        co_await runtime::sleep_for(house_->time, std::chrono::milliseconds{50});
      } else if (waiting_ < house_->options.max_waiting) {
        asio::co_spawn(acceptor_.get_executor(), read(std::move(socket)), asio::detached);
      }
    }
  }

  task<> read(tcp::socket socket) {
    const auto self = shared_from_this();
    ++waiting_;
    std::string received;
    const auto end = co_await read_head(socket, received);
    --waiting_;
    boost::system::error_code gone;
    const auto peer = socket.remote_endpoint(gone);
    if (end == 0 || gone) co_return;
    auto head = websocket::parse_head(std::string_view{received}.substr(0, end));
    if (!head || !head->third.starts_with("HTTP/1.")) {
      refuse(std::move(socket), {.status = 400, .body = "not an HTTP/1.1 request"});
      co_return;
    }
    house_->take({.method = std::move(head->first),
                  .target = std::move(head->second),
                  .headers = std::move(head->headers),
                  .socket = std::move(socket),
                  .surplus = received.substr(end),
                  .remote_address = peer.address().to_string(),
                  .core = core_});
  }

  /// The length of the head, or 0 when it did not come whole in time.
  task<std::size_t> read_head(tcp::socket& socket, std::string& received) {
    const auto& options = house_->options;
    runtime::timer limit{socket.get_executor(), house_->time};
    limit.async_wait(house_->time.steady() + options.head_timeout, [&socket](bool fired) {
      if (fired) socket.close();
    });
    std::array<char, 2048> piece;
    for (;;) {
      boost::system::error_code error;
      const auto count =
          co_await socket.async_read_some(asio::buffer(piece), asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return 0;
      const auto from = received.size() < 3 ? 0 : received.size() - 3;
      received.append(piece.data(), count);
      if (const auto end = received.find("\r\n\r\n", from); end != std::string::npos) co_return end + 4;
      if (received.size() > options.max_head) co_return 0;
    }
  }

  std::shared_ptr<const house> house_;
  std::size_t core_;
  tcp::acceptor acceptor_;
  std::size_t waiting_ = 0;
};

}  // namespace

struct listener::state {
  std::vector<std::shared_ptr<door>> doors;
  std::uint16_t port = 0;
};

listener::listener(const std::vector<executor>& cores, runtime::clock& time, listener_options options,
                   std::function<void(upgrade&&)> take)
    : state_{std::make_unique<state>()} {
  tcp::endpoint at{asio::ip::make_address(options.address), options.port};
  const auto common =
      std::make_shared<const house>(house{.time = time, .options = std::move(options), .take = std::move(take)});
  for (const auto& where : cores) {
    state_->doors.push_back(std::make_shared<door>(common, state_->doors.size(), where));
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
