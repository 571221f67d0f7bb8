#include "socketio/engine_packet.hpp"
#include "world.hpp"

namespace nxg::socketio {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr std::string_view path = "/socket.io/?EIO=4&transport=polling";

std::string get(std::string_view query = {}) {
  return "GET " + std::string{path}.append(query) + " HTTP/1.1\r\nHost: x\r\n\r\n";
}
std::string post_head(std::string_view query, std::size_t size, std::string_view more = {}) {
  return "POST " + std::string{path}.append(query) + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(size) +
         "\r\n" + std::string{more} + "\r\n";
}
std::string post(std::string_view query, std::string_view body) { return post_head(query, body.size()).append(body); }

/// A connection that says bytes and hears answers.
class http_peer {
 public:
  explicit http_peer(world& in) : socket_{in.loop.get_executor()}, world_{in} {}

  task<> connect() {
    co_await socket_.async_connect({asio::ip::make_address("127.0.0.1"), world_.door->port()}, asio::use_awaitable);
  }
  task<> say(std::string bytes) { co_await asio::async_write(socket_, asio::buffer(bytes), asio::use_awaitable); }

  /// The next answer's status and body; "end" for the end of the connection.
  task<std::string> next() {
    std::size_t end = 0;
    while ((end = heard_.find("\r\n\r\n")) == std::string::npos) {
      const bool more = co_await hear();
      if (!more) co_return "end";
    }
    end += 4;
    std::size_t size = 0;
    if (const auto at = heard_.find("Content-Length: "); at < end) size = std::stoul(heard_.substr(at + 16));
    while (heard_.size() < end + size) {
      const bool more = co_await hear();
      if (!more) co_return "end";
    }
    auto answer = heard_.substr(9, 3) + ' ' + heard_.substr(end, size);
    heard_.erase(0, end + size);
    co_return answer;
  }
  task<std::string> ask(std::string bytes) {
    co_await say(std::move(bytes));
    co_return co_await next();
  }
  [[nodiscard]] asio::ip::tcp::socket& socket() { return socket_; }

 private:
  task<bool> hear() {
    std::array<char, 65536> piece;
    std::size_t count = 0;
    if (ended_) co_return false;  // another read would not say so again
    try {
      count = co_await socket_.async_read_some(asio::buffer(piece), asio::use_awaitable);
    } catch (const boost::system::system_error&) {
      count = 0;
    }
    heard_.append(piece.data(), count);
    ended_ = count == 0;
    co_return !ended_;
  }

  asio::ip::tcp::socket socket_;
  world& world_;
  std::string heard_;
  bool ended_ = false;
};

/// A server behind its listener, spoken to in HTTP.
struct listening : testing::Test {
  listening() {
    w.server.namespace_("/")
        .on("say", [](const std::shared_ptr<socket>& who, event_args args) { who->emit("said", args.to_payload()); })
        .on_disconnect([this](const std::shared_ptr<socket>&, close_reason why) { ends.emplace_back(to_string(why)); });
  }
  /// The query that names a session of a client that has joined.
  task<std::string> join(http_peer& by) {
    const auto answer = co_await by.ask(get());
    const auto opened = decode_open(std::string_view{answer}.substr(5));
    auto sid = "&sid=" + opened.value().sid;
    const auto joined = co_await by.ask(post(sid, "40"));
    EXPECT_EQ(joined, "200 ok");
    const auto greeting = co_await by.ask(get(sid));
    EXPECT_THAT(greeting, StartsWith("200 40{"));
    co_return sid;
  }
  task<> let_all_happen() {
    for (int i = 0; i < 10; ++i) co_await asio::post(w.loop, asio::use_awaitable);
  }

  world w;
  std::vector<std::string> ends;
};

TEST_F(listening, a_request_may_come_in_any_pieces) {
  w.run([&]() -> task<> {
    http_peer peer{w};
    co_await peer.connect();
    const auto sid = co_await join(peer);
    for (const char byte : post(sid, "42[\"say\",1]")) co_await peer.say(std::string(1, byte));
    auto answer = co_await peer.next();
    EXPECT_EQ(answer, "200 ok");
    answer = co_await peer.ask(get(sid));
    EXPECT_EQ(answer, "200 42[\"said\",1]");
  });
}

TEST_F(listening, requests_that_come_early_are_answered_in_turn) {
  w.run([&]() -> task<> {
    http_peer peer{w};
    co_await peer.connect();
    const auto sid = co_await join(peer);
    // The first waits for what the third brings about: that one comes on another connection.
    co_await peer.say(get(sid) + post(sid, "42[\"say\",2]") + get(sid));
    co_await let_all_happen();
    http_peer other{w};
    co_await other.connect();
    auto answer = co_await other.ask(post(sid, "42[\"say\",1]"));
    EXPECT_EQ(answer, "200 ok");
    const std::array<std::string, 3> expected{"200 42[\"said\",1]", "200 ok", "200 42[\"said\",2]"};
    for (const auto& one : expected) {
      answer = co_await peer.next();
      EXPECT_EQ(answer, one);
    }
    EXPECT_THAT(ends, IsEmpty());
  });
}

TEST_F(listening, a_change_of_protocol_may_come_early_too) {
  w.run([&]() -> task<> {
    http_peer peer{w};
    co_await peer.connect();
    const auto sid = co_await join(peer);
    co_await peer.say(post(sid, "42[\"say\",1]") + websocket::client_request("x",
                                                                             "/socket.io/?EIO=4&transport=websocket",
                                                                             "dGhlIHNhbXBsZSBub25jZQ==", {}));
    auto answer = co_await peer.next();
    EXPECT_EQ(answer, "200 ok");
    answer = co_await peer.next();
    EXPECT_THAT(answer, StartsWith("101"));
  });
}

TEST_F(listening, large_bodies_and_large_answers_come_whole) {
  w.run([&]() -> task<> {
    http_peer peer{w};
    co_await peer.connect();
    const auto sid = co_await join(peer);
    const std::string text(900'000, 'x');
    const auto event = "42[\"say\",\"" + text + "\"]";
    co_await peer.say(post_head(sid, event.size()));
    co_await let_all_happen();
    auto answer = co_await peer.ask(event);
    EXPECT_EQ(answer, "200 ok");
    answer = co_await peer.ask(get(sid));
    EXPECT_EQ(answer, "200 42[\"said\",\"" + text + "\"]");
    // More than a socket takes at once.
    const auto larger = '"' + std::string(16 << 20, 'y') + '"';
    w.server.namespace_("/").emit("news", larger);
    co_await let_all_happen();
    answer = co_await peer.ask(get(sid));
    EXPECT_EQ(answer, "200 42[\"news\"," + larger + "]");
    answer = co_await peer.ask(post(sid, "3"));
    EXPECT_EQ(answer, "200 ok") << "the connection goes on";
  });
}

TEST_F(listening, a_client_that_does_not_take_its_answer_is_cut) {
  w.run([&]() -> task<> {
    http_peer peer{w};
    co_await peer.connect();
    const auto sid = co_await join(peer);
    // More than the kernel holds for both ends.
    w.server.namespace_("/").emit("news", '"' + std::string(32 << 20, 'x') + '"');
    co_await let_all_happen();
    co_await peer.say(get(sid));
    co_await let_all_happen();
    w.time.advance(10s);
    const auto answer = co_await peer.next();
    EXPECT_EQ(answer, "end");
  });
}

TEST_F(listening, a_body_that_was_asked_for_first_is_asked_for) {
  w.run([&]() -> task<> {
    http_peer peer{w};
    co_await peer.connect();
    const auto sid = co_await join(peer);
    auto answer = co_await peer.ask(post_head(sid, 1, "Expect: 100-continue\r\n"));
    EXPECT_EQ(answer, "100 ");
    answer = co_await peer.ask("3");
    EXPECT_EQ(answer, "200 ok");
  });
}

TEST_F(listening, a_body_that_does_not_come_in_time_ends_its_session) {
  w.run([&]() -> task<> {
    http_peer peer{w};
    co_await peer.connect();
    const auto sid = co_await join(peer);
    co_await peer.say(post_head(sid, 100) + "42[");
    co_await let_all_happen();
    w.time.advance(10s);
    auto answer = co_await peer.next();
    EXPECT_THAT(answer, StartsWith("400 "));
    answer = co_await peer.next();
    EXPECT_EQ(answer, "end");
    EXPECT_THAT(ends, testing::ElementsAre("transport error"));
  });
}

TEST_F(listening, a_client_that_leaves_while_it_waits_ends_its_session) {
  for (const std::string_view how : {"a poll", "half of a body"}) {
    ends.clear();
    w.run([&]() -> task<> {
      http_peer peer{w};
      co_await peer.connect();
      const auto sid = co_await join(peer);
      auto request = how == "a poll" ? get(sid) : post_head(sid, 100) + "42[";
      co_await peer.say(std::move(request));
      co_await let_all_happen();
      EXPECT_THAT(ends, IsEmpty());
      peer.socket().close();
      co_await w.until([&] { return !ends.empty(); });
    });
    EXPECT_THAT(ends, testing::ElementsAre("transport error")) << how;
  }
}

TEST_F(listening, a_connection_without_a_request_is_closed_after_a_while) {
  w.run([&]() -> task<> {
    http_peer silent{w};
    co_await silent.connect();
    http_peer half{w};
    co_await half.connect();
    co_await half.say("GET /socket.io/?EIO=4");
    http_peer idle{w};
    co_await idle.connect();
    auto answer = co_await idle.ask("GET /elsewhere HTTP/1.1\r\n\r\n");
    EXPECT_THAT(answer, StartsWith("404 "));
    w.time.advance(10s);
    answer = co_await silent.next();
    EXPECT_EQ(answer, "end");
    answer = co_await half.next();
    EXPECT_EQ(answer, "end");
    answer = co_await idle.ask("GET /elsewhere HTTP/1.1\r\n\r\n");
    EXPECT_THAT(answer, StartsWith("404 "));
    w.time.advance(75s);
    answer = co_await idle.next();
    EXPECT_EQ(answer, "end");
  });
}

TEST_F(listening, what_is_no_request_it_can_read_is_refused_and_the_connection_ends) {
  w.run([&]() -> task<> {
    const std::vector<std::pair<std::string, std::string>> wrong{
        {"nonsense\r\n\r\n", "400 "},
        {"GET / HTTP/2\r\n\r\n", "400 "},
        {"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "411 "},
        {"POST /x HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", "411 "},
        {"GET /" + std::string(20'000, 'x'), "end"}};
    for (const auto& one : wrong) {
      http_peer peer{w};
      co_await peer.connect();
      auto answer = co_await peer.ask(one.first);
      EXPECT_THAT(answer, StartsWith(one.second)) << one.first.substr(0, 60);
      answer = co_await peer.next();
      EXPECT_EQ(answer, "end") << one.first.substr(0, 60);
    }
  });
}

}  // namespace
}  // namespace nxg::socketio
