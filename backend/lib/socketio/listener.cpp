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

#include <optional>
#include <utility>

#include <sys/socket.h>

namespace nxg::socketio {

namespace asio = boost::asio;
using asio::ip::tcp;

struct listener::state : std::enable_shared_from_this<state> {
  struct per_core {
    std::size_t index;
    tcp::acceptor acceptor;
    std::size_t waiting = 0;
  };

  state(runtime::clock& source, listener_options how, std::function<void(upgrade&&)> then)
      : time{source}, options{std::move(how)}, take{std::move(then)} {}

  void open(const std::vector<executor>& where) {
    tcp::endpoint at{asio::ip::make_address(options.address), options.port};
    for (const auto& executor : where) {
      tcp::acceptor acceptor{executor};
      acceptor.open(at.protocol());
      acceptor.set_option(tcp::acceptor::reuse_address{true});
      acceptor.set_option(asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>{true});
      acceptor.bind(at);
      acceptor.listen();
      at.port(acceptor.local_endpoint().port());
      cores.push_back(std::make_unique<per_core>(per_core{.index = cores.size(), .acceptor = std::move(acceptor)}));
    }
    port = at.port();
  }

  task<> accept(per_core& core) {
    const auto self = shared_from_this();
    while (core.acceptor.is_open()) {
      boost::system::error_code error;
      auto socket = co_await core.acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
      if (error == asio::error::operation_aborted) co_return;
      if (error) {  // most likely no descriptor is free: others will be soon
        co_await runtime::sleep_for(time, std::chrono::milliseconds{50});
      } else if (core.waiting < options.max_waiting) {
        asio::co_spawn(core.acceptor.get_executor(), read(core, std::move(socket)), asio::detached);
      }
    }
  }

  task<> read(per_core& core, tcp::socket socket) {
    const auto self = shared_from_this();
    ++core.waiting;
    std::string received;
    const auto end = co_await read_head(socket, received);
    --core.waiting;
    boost::system::error_code gone;
    const auto peer = socket.remote_endpoint(gone);
    if (end == 0 || gone) co_return;
    auto head = websocket::parse_head(std::string_view{received}.substr(0, end));
    if (!head || !head->third.starts_with("HTTP/1.")) {
      refuse(std::move(socket), {.status = 400, .body = "not an HTTP/1.1 request"});
      co_return;
    }
    take({.method = std::move(head->first),
          .target = std::move(head->second),
          .headers = std::move(head->headers),
          .socket = std::move(socket),
          .surplus = received.substr(end),
          .remote_address = peer.address().to_string(),
          .core = core.index});
  }

  /// The length of the head, or 0 when it did not come whole in time.
  task<std::size_t> read_head(tcp::socket& socket, std::string& received) {
    runtime::timer limit{socket.get_executor(), time};
    limit.async_wait(time.steady() + options.head_timeout, [&socket](bool fired) {
      if (fired) socket.close();
    });
    std::array<char, 2048> piece;
    for (;;) {
      boost::system::error_code error;
      const auto count = co_await socket.async_read_some(asio::buffer(piece), asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return 0;
      const auto from = received.size() < 3 ? 0 : received.size() - 3;
      received.append(piece.data(), count);
      if (const auto end = received.find("\r\n\r\n", from); end != std::string::npos) co_return end + 4;
      if (received.size() > options.max_head) co_return 0;
    }
  }

  runtime::clock& time;
  listener_options options;
  std::function<void(upgrade&&)> take;
  std::vector<std::unique_ptr<per_core>> cores;
  std::uint16_t port = 0;
};

listener::listener(const std::vector<executor>& cores, runtime::clock& time, listener_options options,
                   std::function<void(upgrade&&)> take)
    : state_{std::make_shared<state>(time, std::move(options), std::move(take))} {
  state_->open(cores);
  for (const auto& core : state_->cores) {
    asio::co_spawn(core->acceptor.get_executor(), state_->accept(*core), asio::detached);
  }
}

listener::~listener() { close(); }

std::uint16_t listener::port() const noexcept { return state_->port; }

void listener::close() {
  for (const auto& core : state_->cores) {
    asio::post(core->acceptor.get_executor(), [state = state_, &core = *core] {
      boost::system::error_code ignored;
      core.acceptor.close(ignored);
    });
  }
}

}  // namespace nxg::socketio
