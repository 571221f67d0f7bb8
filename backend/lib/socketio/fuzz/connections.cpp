// Bytes in any pieces on connections of the listener, which speak HTTP, become WebSockets or plain doors, leave at any
// moment, or say nothing while time passes: in the end nothing of them is left.
#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "socketio/http_connection.hpp"
#include "socketio/plain_door.hpp"
#include "socketio/server.hpp"
#include "socketio/websocket_frame.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
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

constexpr std::string_view upgrade_headers =
    "Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

constexpr std::string_view words[] = {
    "3",
    "1",
    "2",
    "40",
    "41",
    "42[\"say\",1]",
    "420[\"say\",2]",
    "2probe",
    "5",
    "x",
    "40\x1e"
    "42[\"say\",2]",
    R"({"event":"auth","data":{"token":"t"}})",
    R"({"event":"say","data":1,"id":1})",
    R"({"event":"never","data":{},"id":"a"})",
    R"({"event":)",
    R"([])",
};

struct story {
  story() : server{{loop.get_executor()}, time, random, options()} {
    auto& all = server.namespace_("/");
    all.authenticate([](std::shared_ptr<const handshake> from) -> task<authentication> {
      authentication answer = accepted{};
      if (from->auth.find("bad") != std::string::npos) answer = refused{.message = "bad"};
      co_return answer;
    });
    all.on("say", [](const std::shared_ptr<socketio::socket>& who, event_args args) {
      who->emit("said", args.to_payload());
      args.ack("1");
    });
    all.on("never", [this](const std::shared_ptr<socketio::socket>&, event_args args) { kept = args.take_ack(); });
    const auto door = std::make_shared<const plain_door>(plain_door{.namespace_name = "/"});
    http_doors doors;
    doors.upgrade = [this, door](upgrade&& request) {
      if (request.target.starts_with("/plain")) return server.accept_plain(std::move(request), door);
      server.accept(std::move(request));
    };
    doors.requests = server.requests();
    const listener_options limits{.max_head = 600, .max_waiting = 8};
    core = std::make_shared<detail::http_core>(
        std::make_shared<const detail::http_house>(detail::http_house{limits, std::move(doors)}), 0,
        std::make_shared<io_core>(loop.get_executor(), time));
  }
  ~story() {
    for (auto& peer : peers) close(peer);
    settle();
    // Longer than any of them may wait.
    for (int i = 0; i < 4; ++i) {
      time.advance(80s);
      settle();
    }
    require(core->waiting == 0 && core.use_count() == 1);
    require(server.statistics().engine.sessions == 0);
  }
  static server_options options() {
    server_options with;
    with.engine.max_payload = 500;
    with.engine.ping_interval = 100ms;
    with.engine.ping_timeout = 50ms;
    with.engine.send = {.max_bytes = 2'000, .max_messages = 20};
    with.engine.cors.emplace();
    return with;
  }

  void settle() {
    loop.restart();
    loop.poll();
    for (auto& peer : peers) hear(peer);
  }
  void hear(int& peer) {
    std::array<char, 4096> space;
    ssize_t count = 1;
    while (peer >= 0 && (count = ::recv(peer, space.data(), space.size(), MSG_DONTWAIT)) > 0) {
      const std::string_view text{space.data(), static_cast<std::size_t>(count)};
      constexpr std::string_view before = R"(0{"sid":")";
      if (const auto at = text.find(before); at != std::string_view::npos) sid = text.substr(at + before.size(), 22);
    }
    if (count == 0) close(peer);
  }
  void open(int& peer) {
    int ends[2];
    if (peer >= 0 || ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) != 0) return;
    peer = ends[0];
    std::make_shared<detail::http_connection>(core, asio::ip::tcp::socket{loop, asio::ip::tcp::v4(), ends[1]})->start();
  }
  static void close(int& peer) {
    if (peer >= 0) ::close(std::exchange(peer, -1));
  }
  static void say(int peer, std::string_view bytes) {
    if (peer >= 0) (void)::send(peer, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }
  [[nodiscard]] std::string target(std::string_view transport) const {
    return "/socket.io/?EIO=4&transport=" + std::string{transport} + (sid.empty() ? "" : "&sid=" + sid);
  }

  runtime::clock time{runtime::clock::mode::adjustable};
  runtime::secure_random random;
  asio::io_context loop{1};
  acknowledgement kept;
  socketio::server server;
  std::shared_ptr<detail::http_core> core;
  std::array<int, 3> peers{-1, -1, -1};
  std::string sid;
};

/// The bytes of a step: `what` says which, `more` is what the input has for it.
std::string bytes_of(const story& in, std::uint8_t what, std::string_view more) {
  const std::string word{words[what / 16]};
  switch (what % 16) {
    case 0: return "GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\n\r\n";
    case 1: return "GET " + in.target("polling") + " HTTP/1.1\r\nOrigin: x\r\n\r\n";
    case 2:
    case 3:
      return "POST " + in.target("polling") + " HTTP/1.1\r\nContent-Length: " + std::to_string(word.size()) +
             "\r\n\r\n" + word;
    case 4: return "POST " + in.target("polling") + " HTTP/1.1\r\nContent-Length: " + std::to_string(what) + "\r\n\r\n";
    case 5: return "POST " + in.target("polling") + " HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 600\r\n\r\n";
    case 6: return "GET " + in.target("websocket") + " HTTP/1.1\r\n" + std::string{upgrade_headers};
    case 7: return "GET /plain HTTP/1.1\r\n" + std::string{upgrade_headers};
    case 8:
    case 9:
    case 10: {
      std::string frame;
      websocket::append_masked_frame(frame, websocket::opcode::text, word, 0x01020304);
      return frame;
    }
    case 11: return word;
    default: return std::string{more};
  }
}

void step(story& in, std::uint8_t who, std::uint8_t what, std::string_view more) {
  auto& peer = in.peers[who % in.peers.size()];
  switch (who / 3 % 16) {
    case 0: story::close(peer); break;
    case 1: in.time.advance(std::chrono::milliseconds{what * 4}); break;
    case 2: in.time.advance(std::chrono::seconds{what}); break;
    case 3:
      if (peer >= 0) (void)::shutdown(peer, SHUT_WR);
      break;
    case 4: in.server.namespace_("/").emit("news", "[1,2,3]"); break;
    default: {
      in.open(peer);
      const auto bytes = bytes_of(in, what, more);
      // Sometimes in two pieces.
      const auto cut = who > 200 ? bytes.size() / 2 : bytes.size();
      story::say(peer, std::string_view{bytes}.substr(0, cut));
      if (cut < bytes.size()) in.settle();
      story::say(peer, std::string_view{bytes}.substr(cut));
    }
  }
  // Not always: what happens within one turn of the loop is a case of its own.
  if (what % 5 != 0) in.settle();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 400) return 0;
  story in;
  const std::string_view all{reinterpret_cast<const char*>(data), size};
  for (std::size_t i = 0; i + 1 < size; i += 2) step(in, data[i], data[i + 1], all.substr(i + 2, data[i + 1] / 4));
  return 0;
}
