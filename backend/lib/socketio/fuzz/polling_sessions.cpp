// Random sequences of requests, broken requests, a WebSocket that takes over, time, and the application's own doing,
// against the real server: every request gets its answer, every session its end, nothing is left.
#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "socketio/engine_packet.hpp"
#include "socketio/engine_state.hpp"
#include "socketio/server.hpp"
#include "socketio/websocket_frame.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <list>
#include <memory>
#include <string>
#include <string_view>

#include <sys/socket.h>
#include <unistd.h>

namespace {

using namespace nxg;
using namespace nxg::socketio;
using namespace std::chrono_literals;
namespace asio = boost::asio;

void require(bool condition) {
  if (!condition) std::abort();
}

struct story {
  story() : server{{loop.get_executor()}, time, random, options()} {
    auto& all = server.namespace_("/");
    all.on_connect([this](const std::shared_ptr<socketio::socket>&) { ++came; });
    all.on_disconnect([this](const std::shared_ptr<socketio::socket>&, close_reason) { ++left; });
    all.on("say", [](const std::shared_ptr<socketio::socket>& who, event_args args) {
      who->emit("said", args.to_payload());
      args.ack("1");
    });
    all.on("go", [](const std::shared_ptr<socketio::socket>& who, event_args) { who->disconnect(true); });
    all.on("slow", [this](std::shared_ptr<socketio::socket>, event_args args) -> task<> {
      co_await runtime::sleep_for(time, 30ms);
      args.ack("2");
    });
  }
  ~story() {
    if (peer >= 0) ::close(peer);
    peer = -1;
    for (int i = 0; i < 8; ++i) {
      time.advance(1s);
      settle();
    }
    require(asked == answered);
    require(came == left);
    require(server.statistics().engine.sessions == 0);
  }

  static server_options options() {
    server_options with;
    with.engine.ping_interval = 300ms;
    with.engine.ping_timeout = 200ms;
    with.engine.upgrade_timeout = 500ms;
    with.engine.close_timeout = 100ms;
    with.engine.max_payload = 200;
    with.engine.send = {.max_bytes = 300, .max_messages = 8};
    with.connect_timeout = 1s;
    with.max_events_in_flight = 2;
    with.packets = {.max_attachments = 2, .max_attachment_bytes = 16, .max_depth = 8};
    with.recovery.emplace();
    return with;
  }
  void settle() {
    loop.restart();
    loop.poll();
  }

  static task<http_body> body(std::string bytes, std::uint8_t how) {
    http_body result;
    if (how == 1) result.how = http_body::outcome::failed;
    if (how == 2) result.how = http_body::outcome::too_large;
    if (how == 0) result.bytes = std::move(bytes);
    co_return result;
  }
  task<http_body> slow_body(std::string bytes, std::uint8_t how) {
    co_await runtime::sleep_for(time, 20ms);
    co_return co_await body(std::move(bytes), how);
  }

  asio::cancellation_signal& ask(std::string method, std::string target, std::string bytes = {}, std::uint8_t how = 0) {
    http_request request{.method = std::move(method), .target = std::move(target), .headers = {}, .remote_address = {}};
    const auto read = [this, bytes, how](std::size_t) {
      return how >= 4 ? slow_body(bytes, how - 4) : body(bytes, how);
    };
    ++asked;
    auto& leave = leaving.emplace_back();
    asio::co_spawn(loop, socketio::ask(server.requests(), std::move(request), read),
                   asio::bind_cancellation_slot(leave.slot(), [this](std::exception_ptr, http_answer with) {
                     ++answered;
                     if (!with.body.starts_with("0{")) return;
                     if (const auto opened = decode_open(std::string_view{with.body}.substr(1))) sid = opened->sid;
                   }));
    return leave;
  }
  [[nodiscard]] std::string session() const { return "/socket.io/?EIO=4&transport=polling&sid=" + sid; }

  void upgrade() {
    int ends[2];
    if (peer >= 0 || ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) != 0) return;
    peer = ends[0];
    asio::ip::tcp::socket ours{loop, asio::ip::tcp::v4(), ends[1]};
    socketio::upgrade request{.method = "GET",
                              .target = "/socket.io/?EIO=4&transport=websocket&sid=" + sid,
                              .headers = {{"Upgrade", "websocket"},
                                          {"Connection", "upgrade"},
                                          {"Sec-WebSocket-Version", "13"},
                                          {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="}},
                              .socket = std::move(ours)};
    server.accept(std::move(request));
  }
  void say(std::string_view text) {
    if (peer < 0) return;
    std::string frame;
    websocket::append_masked_frame(frame, websocket::opcode::text, text, 0x01020304);
    (void)::send(peer, frame.data(), frame.size(), MSG_NOSIGNAL);
    char space[4096];
    while (::recv(peer, space, sizeof space, 0) > 0) {
    }
  }

  runtime::clock time{runtime::clock::mode::adjustable};
  runtime::secure_random random;
  asio::io_context loop{1};
  socketio::server server;
  std::list<asio::cancellation_signal> leaving;
  std::string sid;
  int peer = -1;
  int asked = 0;
  int answered = 0;
  int came = 0;
  int left = 0;
};

constexpr std::string_view words[] = {
    "3",
    "1",
    "2",
    "40",
    "41",
    "42[\"say\",1]",
    "42[\"go\"]",
    "427[\"slow\"]\x1e"
    "42[\"slow\"]\x1e"
    "42[\"slow\"]\x1e"
    "42[\"say\"]",
    "451-[\"say\",{\"_placeholder\":true,\"num\":0}]\x1e"
    "bAQI=",
    "40\x1e"
    "42[\"say\",2]",
    "bAQ==",
    "x",
    "4\x1e",
    "2probe",
    "5",
};

void step(story& in, std::uint8_t what) {
  const std::string word{words[what / 16 % std::size(words)]};
  switch (what % 16) {
    case 0: in.ask("GET", "/socket.io/?EIO=4&transport=polling"); break;
    case 1:
    case 2:
    case 3: in.ask("GET", in.session()); break;
    case 4:
    case 5:
    case 6: in.ask("POST", in.session(), word); break;
    case 7: in.ask("POST", in.session(), word, what / 16 % 8); break;
    case 8:
      if (!in.leaving.empty()) in.leaving.back().emit(asio::cancellation_type::terminal);
      break;
    case 9: in.time.advance(std::chrono::milliseconds{what}); break;
    case 10: in.upgrade(); break;
    case 11:
    case 12: in.say(word); break;
    case 13: in.server.namespace_("/").emit("news", "[1,2,3]"); break;
    case 14:
      if (what > 128 && in.peer >= 0) {
        ::close(in.peer);
        in.peer = -1;
      } else {
        in.server.namespace_("/").all().volatile_().emit("v");
      }
      break;
    default: in.server.namespace_("/").disconnect_sockets(what > 128);
  }
  // Not always: what happens within one turn of the loop is a case of its own.
  if (what % 3 != 0) in.settle();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 300) return 0;
  story in;
  for (std::size_t i = 0; i < size; ++i) step(in, data[i]);
  in.settle();
  return 0;
}
