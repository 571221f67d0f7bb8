// Random sequences of what can happen to a session - messages, time, pauses, the transport's end, the application's own
// doing - against the real session and Socket.IO layer on a transport that only counts.
#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "socketio/engine_state.hpp"
#include "socketio/server_state.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace nxg;
using namespace nxg::socketio;
using namespace std::chrono_literals;

void require(bool condition) {
  if (!condition) std::abort();
}

struct counting_transport final : transport {
  bool send(const shared_frames& frames, const delivery&) override {
    require(!ended && frames && !frames->empty());
    ++sent;
    return true;
  }
  void close(std::uint16_t, std::string_view) override { end(); }
  void cut() override { end(); }
  void set_reading(bool on) override {
    require(!ended && on != reading);
    reading = on;
  }
  [[nodiscard]] std::size_t queued_bytes() const noexcept override { return 0; }
  [[nodiscard]] std::uint64_t dropped() const noexcept override { return 0; }
  void end() {
    require(!ended);
    ended = true;
  }
  bool ended = false;
  bool reading = true;
  int sent = 0;
};

/// A server with one session on it, and a count of who came and went.
struct story {
  story()
      : server{std::make_shared<detail::server_state>(std::vector<executor>{loop.get_executor()}, time, random,
                                                      options())} {
    engine = std::make_shared<detail::engine_state>(std::vector<executor>{loop.get_executor()}, time, random,
                                                    server->options().engine, nullptr);
    server->declare("/").on_connect([this](std::shared_ptr<socketio::socket> one) { came_in(std::move(one)); });
    server->declare("/slow").authenticate([this](std::shared_ptr<const handshake>) -> task<authentication> {
      co_await runtime::sleep_for(time, 40ms);
      co_return accepted{.data = {}, .rooms = {"r"}};
    });
    server->declare("/slow").on_connect([this](std::shared_ptr<socketio::socket> one) { came_in(std::move(one)); });
    server->declare("/no").authenticate(
        [](std::shared_ptr<const handshake>) -> task<authentication> { co_return refused{.message = "no"}; });
    for (const char* name : {"/", "/slow"}) {
      server->declare(name).on_disconnect([this](std::shared_ptr<socketio::socket> one, close_reason) {
        require(!one->connected());
        ++left;
      });
    }
    server->declare("/").on("work", [this](std::shared_ptr<socketio::socket>, event_args args) -> task<> {
      co_await runtime::sleep_for(time, 30ms);
      args.ack("1");
    });
    server->declare("/").on("plain", [](const std::shared_ptr<socketio::socket>& one, event_args args) {
      one->join(std::string{args[0].substr(0, 8)});
      args.ack(args.to_payload());
    });
    auto& core = engine->core(0);
    session = engine->open(core, std::make_shared<request_info>());
    carrier = std::make_shared<counting_transport>();
    auto handler = std::make_shared<detail::client_session>(server, session);
    handler->begin();
    session->begin(carrier, std::move(handler));
  }
  ~story() { finish(); }

  static server_options options() {
    server_options with;
    with.engine.ping_interval = 300ms;
    with.engine.ping_timeout = 200ms;
    with.connect_timeout = 1s;
    with.authenticate_timeout = 50ms;
    with.max_events_in_flight = 3;
    with.max_namespaces = 2;
    with.packets = {.max_attachments = 2, .max_attachment_bytes = 16, .max_depth = 8};
    return with;
  }

  void came_in(std::shared_ptr<socketio::socket> one) {
    ++came;
    sockets.push_back(std::move(one));
  }
  void settle() {
    loop.restart();
    loop.poll();
  }
  /// When the session ended nothing may be left of it.
  void check() {
    const bool open = engine->core(0).sessions.size() == 1;
    require(open == !carrier->ended || network_ended);
    require(server->sockets() == static_cast<std::uint64_t>(came - left));
    if (!open) require(came == left);
  }
  void finish() {
    if (!carrier->ended && !network_ended) session->close(close_reason::server_shutting_down);
    for (int i = 0; i < 4; ++i) {
      time.advance(1s);
      settle();
    }
    check();
    require(came == left && engine->core(0).sessions.size() == 0);
  }

  runtime::clock time{runtime::clock::mode::adjustable};
  runtime::secure_random random;
  boost::asio::io_context loop{1};
  std::shared_ptr<detail::server_state> server;
  std::shared_ptr<detail::engine_state> engine;
  std::shared_ptr<detail::session> session;
  std::shared_ptr<counting_transport> carrier;
  std::vector<std::shared_ptr<socketio::socket>> sockets;
  std::vector<read_pause> pauses;
  bool network_ended = false;
  int came = 0;
  int left = 0;
};

constexpr std::string_view words[] = {
    "2",
    "3",
    "1",
    "6",
    "40",
    "40/slow",
    "40/slow,{\"a\":1}",
    "40/no",
    "40/none",
    "41",
    "41/slow",
    "42[\"work\"]",
    "421[\"work\"]",
    "42[\"plain\",\"room\"]",
    "427[\"plain\",{\"a\":[1]}]",
    "42/slow,[\"x\"]",
    "43",
    "430[1]",
    "431[]",
    "451-[\"plain\",{\"_placeholder\":true,\"num\":0}]",
    "452-5[\"work\"]",
    "461-0[{\"_placeholder\":true,\"num\":0}]",
    "42[\"plain\"",
    "4",
    "",
    "44",
    "0{}",
};

void step(story& in, std::uint8_t what, std::string_view& rest) {
  const bool alive = !in.carrier->ended && !in.network_ended;
  const auto some = [&rest](std::size_t count) {
    const auto part = rest.substr(0, count);
    rest.remove_prefix(part.size());
    return part;
  };
  switch (what % 12) {
    case 0:
    case 1:
    case 2:
    case 3:
      if (alive && in.carrier->reading) in.session->text(words[(what / 12) % std::size(words)]);
      return;
    case 4:
      if (alive && in.carrier->reading) in.session->text(some(what / 12));
      return;
    case 5:
      if (alive && in.carrier->reading) in.session->binary(some(what / 12));
      return;
    case 6: in.time.advance(std::chrono::milliseconds{what}); return in.settle();
    case 7: return in.settle();
    case 8:
      if (!in.sockets.empty()) {
        auto& one = *in.sockets[what / 12 % in.sockets.size()];
        one.emit("e", "1");
        one.disconnect(what > 200);
      }
      return;
    case 9:
      if (!in.sockets.empty() && in.pauses.size() < 4)
        in.pauses.push_back(in.sockets[what / 12 % in.sockets.size()]->pause_reading());
      return;
    case 10:
      if (!in.pauses.empty()) in.pauses.pop_back();
      return;
    default:
      if (what > 230 && alive) {
        in.network_ended = true;
        in.session->ended({.why = close_reason::transport_close});
      } else {
        in.server->at(0).to("room").emit("b", payload{}.add_binary("x"));
        in.server->at(0).disconnect_sockets(what < 24);
      }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 400) return 0;
  story in;
  std::string_view rest{reinterpret_cast<const char*>(data), size};
  while (!rest.empty()) {
    const auto what = static_cast<std::uint8_t>(rest.front());
    rest.remove_prefix(1);
    step(in, what, rest);
    in.check();
  }
  return 0;
}
