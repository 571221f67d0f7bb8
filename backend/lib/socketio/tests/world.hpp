#pragma once

#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "runtime/timer.hpp"
#include "socketio/client.hpp"
#include "socketio/listener.hpp"
#include "socketio/server.hpp"
#include "socketio/websocket_frame.hpp"
#include "socketio/websocket_handshake.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nxg::socketio {

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// g++ 12 cannot have a `co_await` inside GoogleTest's macros.
template <class Error, class Result>
task<> expect_throw(task<Result> work) {
  try {
    co_await std::move(work);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error&) {
  }
}

/// Lets coroutines wait until the test opens it.
class gate {
 public:
  gate(executor where, runtime::clock& time) : where_{std::move(where)}, time_{time} {}
  task<> wait() {
    if (open_) co_return;
    auto& timer = waiting_.emplace_back(where_, time_);
    co_await timer.wait_until(time_.steady() + 24h);
  }
  void open() {
    open_ = true;
    for (auto& timer : waiting_) timer.cancel();
  }

 private:
  executor where_;
  runtime::clock& time_;
  std::list<runtime::timer> waiting_;
  bool open_ = false;
};

/// One loop with a server, a listener and clients on it, and a clock that the test moves.
struct world {
  explicit world(server_options options = {})
      : server{{loop.get_executor()}, time, random, with_errors(std::move(options))} {}

  void listen() {
    door = std::make_unique<listener>(std::vector<executor>{loop.get_executor()}, time, listener_options{},
                                      doors_of(server));
  }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(door->port()); }

  /// Runs the loop until the coroutine has ended; what it throws fails the test.
  void run(std::function<task<>()> story) {
    if (!door) listen();
    bool done = false;
    std::exception_ptr error;
    asio::co_spawn(loop, story(), [&](std::exception_ptr e) {
      done = true;
      error = e;
    });
    const auto limit = std::chrono::steady_clock::now() + 30s;
    while (!done) {
      loop.run_one_for(1s);
      if (std::chrono::steady_clock::now() > limit) throw std::runtime_error{"the story did not end"};
    }
    if (error) std::rethrow_exception(error);
  }

  /// Lets everything else happen until `what` is true.
  task<> until(std::function<bool()> what) {
    const auto limit = std::chrono::steady_clock::now() + 10s;
    while (!what()) {
      if (std::chrono::steady_clock::now() > limit) throw std::runtime_error{"it did not come true"};
      co_await asio::post(loop, asio::use_awaitable);
    }
  }

  task<joined_client> join(std::string name = "/", std::string auth = {}) {
    return connect(environment, url(), std::move(name), std::move(auth));
  }

  server_options with_errors(server_options options) {
    options.on_error = [this](const handler_failure& failure) {
      try {
        std::rethrow_exception(failure.error);
      } catch (const std::exception& error) {
        errors.push_back(std::string{failure.namespace_name} + ' ' + std::string{failure.handler} + ": " +
                         error.what());
      }
    };
    return options;
  }

  runtime::clock time{runtime::clock::mode::adjustable};
  runtime::secure_random random;
  asio::io_context loop{1};
  std::vector<std::string> errors;
  socketio::server server;
  std::unique_ptr<listener> door;
  client_environment environment{loop.get_executor(), time, random};
};

/// A client that does only what it is told to: no pongs, no reading, no manners.
class raw_peer {
 public:
  explicit raw_peer(world& in) : socket_{in.loop.get_executor()}, world_{in} {}

  task<> open(std::string target = "/socket.io/?EIO=4&transport=websocket") {
    co_await socket_.async_connect({asio::ip::make_address("127.0.0.1"), world_.door->port()}, asio::use_awaitable);
    co_await write(websocket::client_request("x", target, "dGhlIHNhbXBsZSBub25jZQ==", {}));
    while (buffered_.find("\r\n\r\n") == std::string::npos) co_await read_some();
    buffered_.erase(0, buffered_.find("\r\n\r\n") + 4);
  }

  task<> write(std::string bytes) { co_await asio::async_write(socket_, asio::buffer(bytes), asio::use_awaitable); }
  task<> send(std::string_view text) {
    std::string frame;
    websocket::append_masked_frame(frame, websocket::opcode::text, text, 0x12345678);
    co_await write(frame);
  }

  /// The next message; a close frame as "close CODE", the end of the connection as "end".
  task<std::string> next() {
    for (;;) {
      if (const auto event = take()) co_return *event;
      try {
        co_await read_some();
      } catch (const boost::system::system_error&) {
        co_return "end";
      }
    }
  }
  [[nodiscard]] asio::ip::tcp::socket& socket() { return socket_; }

 private:
  std::optional<std::string> take() {
    using kind = websocket::frame_reader::kind;
    if (!buffered_.empty()) {
      pieces_.push_back(std::move(buffered_));
      buffered_.clear();
      reader_.feed(pieces_.back());
    }
    const auto event = reader_.next();
    if (!event) {
      pieces_.clear();
      return std::nullopt;
    }
    reader_.keep_rest();
    if (event->what == kind::close) return "close " + std::to_string(event->code);
    return std::string{event->data};
  }
  task<> read_some() {
    std::array<char, 4096> piece;
    const auto count = co_await socket_.async_read_some(asio::buffer(piece), asio::use_awaitable);
    buffered_.append(piece.data(), count);
  }

  asio::ip::tcp::socket socket_;
  world& world_;
  std::string buffered_;
  std::vector<std::string> pieces_;
  websocket::frame_reader reader_{websocket::role::client, 100'000'000};
};

}  // namespace nxg::socketio
