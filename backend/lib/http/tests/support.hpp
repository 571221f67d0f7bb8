#pragma once

#include "http/chain.hpp"
#include "http/route.hpp"
#include "http/router.hpp"
#include "http/server.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::http::testing {

/// Runs the request through the table on a loop of its own, until it is answered.
response answer(const router& routes, request& incoming);
/// A request as the server would have read it.
request make_request(verb method, std::string_view target, std::string body = {});

/// An answer as it came over the wire.
struct wire_answer {
  int status = 0;
  std::string head;
  std::string body;
  /// The value of the first field of that name; "" without one.
  [[nodiscard]] std::string header(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;
};

/// A blocking client on a plain socket. Every read fails the test after five seconds.
class raw_client {
 public:
  explicit raw_client(std::uint16_t port, int receive_buffer = 0);
  ~raw_client();
  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;

  void send(std::string_view octets) const;
  /// The next answer; `to_head`: it has no body whatever its length says.
  wire_answer receive(bool to_head = false);
  wire_answer ask(std::string_view octets);
  /// True when the server has closed, after reading what it still sent.
  bool closed();
  /// What comes until the server closes.
  std::string rest();
  void finish_sending() const;

 private:
  bool fill();
  int socket_;
  std::string read_;
};

/// A server on a free port with a clock that tests move.
class running_server {
 public:
  explicit running_server(server_options options = {}, std::size_t cores = 1);
  ~running_server();

  router& routes() { return routes_; }
  /// Seals the table and starts.
  void start();
  /// Moves the clock, again and again, until `done`: time-outs are set on other threads.
  template <class Done>
  void advance_until(std::chrono::milliseconds step, Done done) {
    for (int i = 0; i < 500 && !done(); ++i) {
      clock.advance(step);
      settle();
    }
  }
  [[nodiscard]] std::uint16_t port() const { return server_.port(); }
  [[nodiscard]] http::server& server() { return server_; }
  /// Until what is queued on the cores has run.
  void settle();

  runtime::clock clock{runtime::clock::mode::adjustable};
  runtime::io_pool pool;

 private:
  router routes_;
  http::server server_;
};

/// A gate a handler waits at and a test opens: nothing sleeps.
class gate {
 public:
  gate();
  ~gate();
  /// Waits on the caller's executor; honours cancellation.
  task<> pass();
  void open();
  /// Blocks until somebody waits.
  void wait_for_arrival();

 private:
  struct state;
  std::shared_ptr<state> state_;
};

/// Randomness that repeats.
class counting_random final : public runtime::random {
 public:
  void fill(std::span<std::byte> bytes) override {
    for (auto& one : bytes) one = static_cast<std::byte>(++count_);
  }

 private:
  std::uint8_t count_ = 0;
};

}  // namespace nxg::http::testing
