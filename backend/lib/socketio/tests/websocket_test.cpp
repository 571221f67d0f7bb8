#include "socketio/websocket.hpp"

#include "world.hpp"

namespace nxg::socketio {
namespace {

using testing::ElementsAre;

/// A door for plain WebSockets: says back what it hears, and notes how each ended.
struct echo final : transport_handler {
  explicit echo(std::vector<std::string>& to) : ends{to} {}
  void text(std::string_view message) override { connection.lock()->send_message(websocket::opcode::text, message); }
  void binary(std::string_view message) override {
    connection.lock()->send_message(websocket::opcode::binary, message);
  }
  void ended(const transport_end& end) override {
    ends.push_back(std::string{to_string(end.why)} + ' ' + std::to_string(end.code) + ' ' + std::string{end.detail});
  }
  std::weak_ptr<websocket_connection> connection;
  std::vector<std::string>& ends;
};

struct plain_world : world {
  void open_door() {
    const auto core = std::make_shared<io_core>(loop.get_executor(), time);
    door = std::make_unique<listener>(
        std::vector<executor>{loop.get_executor()}, time, listener_options{.max_head = 1000, .head_timeout = 10s},
        [this, core](upgrade&& request) {
          const auto handler = std::make_shared<echo>(ends);
          const auto accepted = accept_websocket(core, std::move(request), {.max_message = 1000}, handler);
          handler->connection = accepted;
          last = accepted;
        });
  }
  std::vector<std::string> ends;
  std::weak_ptr<websocket_connection> last;
};

TEST(websocket, a_plain_one_is_accepted_talked_to_and_ended) {
  plain_world w;
  w.open_door();
  w.run([&]() -> task<> {
    raw_peer peer{w};
    co_await peer.open("/any/path");
    co_await peer.send("hello");
    const auto answer = co_await peer.next();
    EXPECT_EQ(answer, "hello");
    std::string bye;
    websocket::append_masked_frame(bye, websocket::opcode::close, websocket::close_payload(4'001, "bye"), 7);
    co_await peer.write(bye);
    const auto closing = co_await peer.next();
    EXPECT_EQ(closing, "close 4001");
    const auto after = co_await peer.next();
    EXPECT_EQ(after, "end");
    EXPECT_THAT(w.ends, ElementsAre("transport close 4001 bye"));
    EXPECT_TRUE(w.last.expired()) << "nothing keeps an ended connection";
  });
}

TEST(websocket, says_why_it_closes_on_a_peer_that_breaks_the_rules) {
  plain_world w;
  w.open_door();
  w.run([&]() -> task<> {
    raw_peer big{w};
    co_await big.open();
    co_await big.send(std::string(1001, 'x'));
    const auto too_big = co_await big.next();
    EXPECT_EQ(too_big, "close 1009");
    raw_peer garbled{w};
    co_await garbled.open();
    co_await garbled.send("\xff");
    const auto no_text = co_await garbled.next();
    EXPECT_EQ(no_text, "close 1007");
    EXPECT_THAT(w.ends, ElementsAre("transport error 1009 a message is too big",
                                    "transport error 1007 a text message is no UTF-8"));
  });
}

TEST(websocket, what_follows_the_request_at_once_is_not_lost) {
  plain_world w;
  w.open_door();
  w.run([&]() -> task<> {
    asio::ip::tcp::socket socket{w.loop};
    co_await socket.async_connect({asio::ip::make_address("127.0.0.1"), w.door->port()}, asio::use_awaitable);
    std::string bytes = websocket::client_request("x", "/", "dGhlIHNhbXBsZSBub25jZQ==", {});
    websocket::append_masked_frame(bytes, websocket::opcode::text, "early", 99);
    co_await asio::async_write(socket, asio::buffer(bytes), asio::use_awaitable);
    std::string received;
    std::array<char, 1000> piece;
    while (!received.ends_with("early")) {
      const auto count = co_await socket.async_read_some(asio::buffer(piece), asio::use_awaitable);
      received.append(piece.data(), count);
    }
    EXPECT_TRUE(received.starts_with("HTTP/1.1 101 "));
  });
}

TEST(listener, hears_out_no_request_that_is_endless_slow_or_senseless) {
  plain_world w;
  w.open_door();
  w.run([&]() -> task<> {
    const auto answer_to = [&](std::string request, std::chrono::milliseconds later) -> task<std::string> {
      asio::ip::tcp::socket socket{w.loop};
      co_await socket.async_connect({asio::ip::make_address("127.0.0.1"), w.door->port()}, asio::use_awaitable);
      co_await asio::async_write(socket, asio::buffer(request), asio::use_awaitable);
      for (int i = 0; i < 50; ++i) co_await asio::post(w.loop, asio::use_awaitable);
      w.time.advance(later);
      std::string received;
      std::array<char, 1000> piece;
      try {
        for (;;)
          received.append(piece.data(), co_await socket.async_read_some(asio::buffer(piece), asio::use_awaitable));
      } catch (const boost::system::system_error&) {
      }
      co_return received;
    };
    const auto senseless = co_await answer_to("nonsense\r\n\r\n", 0ms);
    EXPECT_TRUE(senseless.starts_with("HTTP/1.1 400 "));
    const auto endless = co_await answer_to("GET / HTTP/1.1\r\nx: " + std::string(5000, 'x'), 0ms);
    EXPECT_EQ(endless, "");
    const auto slow = co_await answer_to("GET / HTTP/1.1\r\n", 10s);
    EXPECT_EQ(slow, "");
    const auto plain = co_await answer_to("GET / HTTP/1.1\r\n\r\n", 0ms);
    EXPECT_TRUE(plain.starts_with("HTTP/1.1 400 "));
    EXPECT_TRUE(w.ends.empty());
  });
}

}  // namespace
}  // namespace nxg::socketio
