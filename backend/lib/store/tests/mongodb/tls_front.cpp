#include "tls_front.hpp"

#include "runtime/task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <thread>
#include <utility>

namespace nxg::store::testing {

namespace asio = boost::asio;
using asio::ip::tcp;
using local = asio::local::stream_protocol;

namespace {

struct link {
  link(asio::io_context& on, asio::ssl::context& with) : front{on, with}, back{on} {}
  void close() {
    boost::system::error_code ignored;
    front.lowest_layer().close(ignored);
    back.close(ignored);
  }
  asio::ssl::stream<tcp::socket> front;
  local::socket back;
};

template <class From, class To>
task<void> carry(std::shared_ptr<link> of, From* from, To* to) {
  std::array<char, 65'536> part{};
  try {
    for (;;) {
      const std::size_t got = co_await from->async_read_some(asio::buffer(part), asio::use_awaitable);
      co_await asio::async_write(*to, asio::buffer(part, got), asio::use_awaitable);
    }
  } catch (const boost::system::system_error&) {
    of->close();
  }
}

}  // namespace

struct tls_front::state {
  state(asio::ssl::context& with, std::filesystem::path to) : tls{&with}, back{std::move(to)} {}

  asio::ssl::context* tls;
  std::filesystem::path back;
  asio::io_context loop{1};
  tcp::acceptor acceptor{loop, tcp::endpoint{asio::ip::address_v4::loopback(), 0}};
  std::thread thread;

  task<void> accept() {
    for (;;) {
      auto one = std::make_shared<link>(loop, *tls);
      co_await acceptor.async_accept(one->front.lowest_layer(), asio::use_awaitable);
      asio::co_spawn(loop, serve(one), asio::detached);
    }
  }

  task<void> serve(std::shared_ptr<link> one) {
    try {
      co_await one->front.async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
      one->back.connect(local::endpoint{back.string()});
    } catch (const boost::system::system_error&) {
      one->close();
      co_return;
    }
    asio::co_spawn(loop, carry(one, &one->front, &one->back), asio::detached);
    co_await carry(one, &one->back, &one->front);
  }
};

tls_front::tls_front(asio::ssl::context& with, std::filesystem::path back)
    : state_{std::make_unique<state>(with, std::move(back))} {
  asio::co_spawn(state_->loop, state_->accept(), asio::detached);
  state_->thread = std::thread{[one = state_.get()] { one->loop.run(); }};
}

tls_front::~tls_front() {
  state_->loop.stop();
  state_->thread.join();
}

std::uint16_t tls_front::port() const { return state_->acceptor.local_endpoint().port(); }

}  // namespace nxg::store::testing
