#include "runtime/io_pool.hpp"
#include "world.hpp"

#include <atomic>
#include <future>
#include <mutex>
#include <thread>

namespace nxg::socketio {
namespace {

using testing::ElementsAre;

TEST(client, has_several_namespaces_on_one_connection) {
  world w;
  for (const char* name : {"/a", "/b"}) {
    w.server.namespace_(name).on(
        "who", [name](const std::shared_ptr<socket>&, event_args args) { args.ack('"' + std::string{name} + '"'); });
  }
  w.run([&]() -> task<> {
    const auto connection = co_await client::open(w.environment, w.url());
    const auto a = connection->of("/a");
    const auto b = connection->of("/b");
    co_await a->connect("");
    co_await b->connect(R"({"x":1})");
    const auto from_a = co_await a->emit_with_ack("who", payload{}, 5s);
    EXPECT_EQ(from_a[0], R"("/a")");
    const auto from_b = co_await b->emit_with_ack("who", payload{}, 5s);
    EXPECT_EQ(from_b[0], R"("/b")");
    EXPECT_EQ(w.server.statistics().engine.sessions, 1u);
    co_await expect_throw<connect_refused>(connection->of("/nowhere")->connect(""));
    a->disconnect();
    EXPECT_FALSE(a->connected());
    EXPECT_TRUE(b->connected());
  });
}

TEST(client, gives_up_when_the_server_says_nothing) {
  world w;
  w.run([&]() -> task<> {
    asio::ip::tcp::acceptor silent{w.loop, {asio::ip::make_address("127.0.0.1"), 0}};
    std::optional<boost::system::error_code> code;
    const auto attempt = [&]() -> task<> {
      try {
        co_await client::open(w.environment, "ws://127.0.0.1:" + std::to_string(silent.local_endpoint().port()));
      } catch (const boost::system::system_error& error) {
        code = error.code();
      }
    };
    asio::co_spawn(w.loop, attempt(), [](std::exception_ptr) {});
    auto accepted = co_await silent.async_accept(asio::use_awaitable);
    std::array<char, 4096> request;
    co_await accepted.async_read_some(asio::buffer(request), asio::use_awaitable);
    EXPECT_FALSE(code);
    w.time.advance(10s);
    co_await w.until([&] { return code.has_value(); });
    EXPECT_EQ(*code, asio::error::timed_out);
  });
}

TEST(client, notices_a_server_that_stopped_pinging) {
  world w;
  w.run([&]() -> task<> {
    asio::ip::tcp::acceptor door{w.loop, {asio::ip::make_address("127.0.0.1"), 0}};
    std::shared_ptr<client> connection;
    const auto attempt = [&]() -> task<> {
      connection =
          co_await client::open(w.environment, "http://127.0.0.1:" + std::to_string(door.local_endpoint().port()));
    };
    asio::co_spawn(w.loop, attempt(), [](std::exception_ptr) {});
    auto peer = co_await door.async_accept(asio::use_awaitable);
    std::array<char, 4096> bytes;
    const auto count = co_await peer.async_read_some(asio::buffer(bytes), asio::use_awaitable);
    const auto request = websocket::parse_head({bytes.data(), count});
    std::string answer = websocket::switching_response(websocket::find_header(request->headers, "sec-websocket-key"));
    websocket::append_frame(answer, websocket::opcode::text,
                            R"(0{"sid":"s","upgrades":[],"pingInterval":20000,"pingTimeout":10000,"maxPayload":1})");
    co_await asio::async_write(peer, asio::buffer(answer), asio::use_awaitable);
    co_await w.until([&] { return connection != nullptr; });
    std::string why;
    connection->on_close([&](std::string_view reason) { why = reason; });
    w.time.advance(20s);  // real time passes, too: not too near the edge
    for (int i = 0; i < 20; ++i) co_await asio::post(w.loop, asio::use_awaitable);
    EXPECT_TRUE(connection->is_open());
    w.time.advance(10s);
    co_await w.until([&] { return !why.empty(); });
    EXPECT_EQ(why, "ping timeout");
  });
}

TEST(client, refuses_addresses_it_cannot_use) {
  world w;
  w.run([&]() -> task<> {
    for (const char* url :
         {"https://127.0.0.1", "127.0.0.1:80", "http://", "http://h:99999", "http://h:x", "http://[::1"}) {
      co_await expect_throw<std::invalid_argument>(client::open(w.environment, url));
    }
    asio::ip::tcp::acceptor unused{w.loop, {asio::ip::make_address("127.0.0.1"), 0}};
    const auto port = unused.local_endpoint().port();
    unused.close();
    co_await expect_throw<boost::system::system_error>(
        client::open(w.environment, "http://127.0.0.1:" + std::to_string(port)));
  });
}

task<> ask(std::shared_ptr<socket> peer) {
  const auto answer = co_await peer->emit_with_ack("ask", payload{}, 20s);
  EXPECT_EQ(answer[0], "1");
}

/// Two cores with a server on them, clients on a third.
class several_cores : public testing::Test {
 protected:
  several_cores() : server{cores(), time, random}, clients{pool.at(2), time, random} {}
  ~several_cores() override { pool.stop(); }

  std::vector<executor> cores() { return {pool.at(0), pool.at(1)}; }
  void begin() {
    door = std::make_unique<listener>(cores(), time, listener_options{}, [this](upgrade&& request) {
      request.core = next_core++ % 2;  // the kernel's own choice is not even enough to rely on; half of them move
      server.accept(std::move(request));
    });
    pool.start();
  }
  /// Runs a coroutine where the clients live and waits for it.
  void run(std::function<task<>()> story) {
    std::promise<void> done;
    asio::co_spawn(pool.at(2), story(),
                   [&](std::exception_ptr error) { error ? done.set_exception(error) : done.set_value(); });
    auto future = done.get_future();
    ASSERT_EQ(future.wait_for(30s), std::future_status::ready);
    future.get();
  }

  runtime::clock time;
  runtime::secure_random random;
  runtime::io_pool pool{3};
  std::atomic<std::size_t> next_core{0};
  socketio::server server;
  client_environment clients;
  std::unique_ptr<listener> door;
};

TEST_F(several_cores, a_broadcast_reaches_all_of_them_in_the_order_it_was_made) {
  auto& all = server.namespace_("/");
  all.on("join", [](const std::shared_ptr<socket>& one, event_args args) {
    one->join("room");
    args.ack(std::to_string(one->core()));
  });
  begin();
  std::vector<joined_client> joined;
  std::array<int, 2> on_core{};
  std::array<std::vector<int>, 20> heard;
  run([&]() -> task<> {
    for (auto& list : heard) {
      joined.push_back(co_await connect(clients, "http://127.0.0.1:" + std::to_string(door->port()), "/"));
      joined.back().socket->on("n", [&list](event_args args) { list.push_back(std::stoi(std::string{args[0]})); });
      const auto core = co_await joined.back().socket->emit_with_ack("join", payload{}, 10s);
      ++on_core[core[0] == "1" ? 1 : 0];
    }
  });
  EXPECT_GT(on_core[0], 0);
  EXPECT_GT(on_core[1], 0);
  EXPECT_EQ(all.size(), 20u);
  std::vector<std::thread> speakers;
  for (int from : {0, 1000}) {
    speakers.emplace_back([&all, from] {
      for (int n = from; n < from + 500; ++n) all.to("room").emit("n", std::to_string(n));
    });
  }
  for (auto& one : speakers) one.join();
  run([&]() -> task<> {
    for (int i = 0;
         i < 1000 && !std::ranges::all_of(heard, [](const auto& list) { return list.size() == 1000; }); ++i) {
      co_await runtime::sleep_for(time, 10ms);
    }
    const auto found = co_await all.to("room").sockets();
    EXPECT_EQ(found.size(), 20u);
  });
  for (const auto& list : heard) {
    ASSERT_EQ(list.size(), 1000u);
    int low = -1;
    int high = 999;
    for (const int n : list) {
      int& last = n < 1000 ? low : high;
      ASSERT_EQ(n, last + 1);
      last = n;
    }
  }
  run([&]() -> task<> {
    joined.clear();
    co_await server.stop(10s);
    EXPECT_EQ(all.size(), 0u);
  });
}

TEST_F(several_cores, a_room_is_known_to_who_asked_to_join_it_a_moment_before) {
  auto& all = server.namespace_("/");
  std::mutex mutex;
  std::vector<std::shared_ptr<socket>> peers;
  all.on_connect([&](std::shared_ptr<socket> one) {
    const std::lock_guard lock{mutex};
    peers.push_back(std::move(one));
  });
  begin();
  std::vector<joined_client> joined;
  std::array<std::vector<std::string>, 2> heard;
  run([&]() -> task<> {
    const auto known = [&] {
      const std::lock_guard lock{mutex};
      return peers.size();
    };
    for (auto& list : heard) {
      joined.push_back(co_await connect(clients, "http://127.0.0.1:" + std::to_string(door->port()), "/"));
      joined.back().socket->on("n", [&list](event_args args) { list.emplace_back(args[0]); });
      // The handler runs on the socket's core, maybe after the client has its answer, or the next one has.
      for (int i = 0; i < 1000 && known() < joined.size(); ++i) co_await runtime::sleep_for(time, 1ms);
    }
  });
  ASSERT_EQ(peers.size(), 2U);
  ASSERT_NE(peers[0]->core(), peers[1]->core());
  std::array<std::vector<std::string>, 2> expected;
  // Asked for on a thread of its own: nothing has run on the sockets' cores when the room is spoken to.
  for (std::size_t i = 0; i < 600; ++i) {
    const auto room = "r" + std::to_string(i);
    const auto text = std::to_string(i);
    const auto& peer = peers[i % 2];
    if (i % 3 == 0) {
      all.to(peer->id()).join(room);
    } else {
      peer->join(room);
    }
    all.to(room).emit("n", text);
    peer->leave(room);
    all.to(room).emit("n", "\"unheard\"");
    expected[i % 2].push_back(text);
  }
  for (const auto& peer : peers) all.to(peer->id()).emit("n", "\"end\"");
  run([&]() -> task<> {
    const auto ended = [](const auto& list) { return !list.empty() && list.back() == "\"end\""; };
    for (int i = 0; i < 1000 && !std::ranges::all_of(heard, ended); ++i) co_await runtime::sleep_for(time, 10ms);
    joined.clear();
  });
  for (std::size_t i = 0; i < 2; ++i) {
    expected[i].emplace_back("\"end\"");
    EXPECT_EQ(heard[i], expected[i]);
  }
}

TEST_F(several_cores, sockets_may_be_used_from_any_thread) {
  auto& all = server.namespace_("/");
  std::promise<std::shared_ptr<socket>> arrived;
  all.on_connect([&](std::shared_ptr<socket> one) { arrived.set_value(std::move(one)); });
  begin();
  joined_client one;
  std::atomic<int> heard{0};
  run([&]() -> task<> {
    one = co_await connect(clients, "http://127.0.0.1:" + std::to_string(door->port()), "/");
    one.socket->on("n", [&](event_args) { ++heard; });
    one.socket->on("ask", [](event_args args) { args.ack("1"); });
  });
  const auto peer = arrived.get_future().get();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        peer->emit("n", "1");
        peer->join("r" + std::to_string(i % 7));
        const auto pause = peer->pause_reading();
        all.to("r3").emit("n", "2");
        peer->leave("r" + std::to_string(i % 5));
      }
    });
  }
  run([&]() -> task<> {
    for (int i = 0; i < 50; ++i) co_await ask(peer);
  });
  for (auto& thread : threads) thread.join();
  run([&]() -> task<> {
    co_await ask(peer);
    EXPECT_GE(heard, 800);
    one = {};
  });
}

}  // namespace
}  // namespace nxg::socketio
