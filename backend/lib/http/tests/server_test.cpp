#include "support.hpp"

#include "http/upgrade.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/system/system_error.hpp>

#include <gtest/gtest.h>

#include <future>
#include <string>

namespace nxg::http::testing {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view get_hello = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";

void declare_basics(router& routes) {
  routes.get("/hello").open().handle([] { return make_response(200, "text/plain", "hello"); });
  routes.post("/echo").open().body_limit(100'000).handle(
      [](request& incoming) { return make_response(200, "text/plain", incoming.body); });
  routes.post("/small").open().body_limit(10).handle(
      [](request& incoming) { return make_response(200, "text/plain", incoming.body); });
}

std::string post(std::string_view path, std::string_view body) {
  return "POST " + std::string{path} + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string{body};
}

class ServerTest : public ::testing::Test {
 protected:
  void start(server_options options = {}, std::size_t cores = 1) {
    server.emplace(std::move(options), cores);
    server->routes().use(error_boundary({}, {}, {}));
    declare_basics(server->routes());
    if (declare_more) declare_more(server->routes());
    server->start();
  }

  std::function<void(router&)> declare_more;
  std::optional<running_server> server;
};

TEST_F(ServerTest, AnswersAndKeepsTheConnection) {
  start();
  raw_client client{server->port()};
  for (int i = 0; i < 3; ++i) {
    const auto got = client.ask(get_hello);
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.body, "hello");
    EXPECT_EQ(got.header("content-length"), "5");
    EXPECT_TRUE(got.has("date"));
    EXPECT_FALSE(got.has("connection"));
  }
  EXPECT_EQ(server->server().counters().accepted, 1u);
}

TEST_F(ServerTest, AnswersPipelinedRequestsInOrder) {
  start();
  raw_client client{server->port()};
  std::string many;
  for (int i = 0; i < 100; ++i) many += post("/echo", "n" + std::to_string(i));
  client.send(many);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(client.receive().body, "n" + std::to_string(i));
}

TEST_F(ServerTest, ListensOnEveryCoreAndOnOnePort) {
  start({}, 2);
  for (int i = 0; i < 20; ++i) {
    raw_client client{server->port()};
    EXPECT_EQ(client.ask(get_hello).status, 200);
  }
  EXPECT_EQ(server->server().counters().accepted, 20u);
}

TEST_F(ServerTest, HeadHasTheLengthAndNoBody) {
  start();
  raw_client client{server->port()};
  client.send("HEAD /hello HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto got = client.receive(true);
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.header("content-length"), "5");
  EXPECT_EQ(client.ask(get_hello).body, "hello");
}

TEST_F(ServerTest, UnknownPathWrongVerbAndOptions) {
  start();
  raw_client client{server->port()};
  EXPECT_EQ(client.ask("GET /nothing HTTP/1.1\r\nHost: h\r\n\r\n").status, 404);
  const auto wrong = client.ask(post("/hello", "x"));
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.header("allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(wrong.header("content-type"), "application/problem+json");
  const auto options = client.ask("OPTIONS /echo HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.header("allow"), "POST, OPTIONS");
  EXPECT_EQ(client.ask("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n").status, 204);
  EXPECT_EQ(client.ask("GET /hell%zz HTTP/1.1\r\nHost: h\r\n\r\n").status, 404);
}

TEST_F(ServerTest, OldClientsAreServedAndLetGo) {
  start();
  raw_client client{server->port()};
  const auto got = client.ask("GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_EQ(got.body, "hello");
  EXPECT_EQ(got.header("connection"), "close");
  EXPECT_TRUE(client.closed());

  raw_client keeping{server->port()};
  EXPECT_EQ(keeping.ask("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").header("connection"), "keep-alive");
  EXPECT_EQ(keeping.ask(get_hello).status, 200);
}

TEST_F(ServerTest, BodiesComeByLengthAndByChunk) {
  start();
  raw_client client{server->port()};
  EXPECT_EQ(client.ask(post("/echo", std::string(50'000, 'b'))).body, std::string(50'000, 'b'));
  const std::string chunked = "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(client.ask(chunked + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n").body, "abcde");
  std::string long_chunks = chunked;
  for (int i = 0; i < 20; ++i) long_chunks += "1000\r\n" + std::string(0x1000, 'c') + "\r\n";
  EXPECT_EQ(client.ask(long_chunks + "0\r\n\r\n").body, std::string(20 * 0x1000, 'c'));
  EXPECT_EQ(client.ask(get_hello).status, 200);
}

TEST_F(ServerTest, BodiesAreLimitedByTheRoute) {
  start();
  {
    raw_client client{server->port()};
    const auto got = client.ask(post("/small", "01234567890"));
    EXPECT_EQ(got.status, 413);
    EXPECT_EQ(got.header("connection"), "close");
    EXPECT_TRUE(client.closed());
  }
  {
    raw_client client{server->port()};
    const auto got =
        client.ask("POST /small HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nB\r\n01234567890\r\n");
    EXPECT_EQ(got.status, 413);
    EXPECT_TRUE(client.closed());
  }
  {
    raw_client client{server->port()};
    EXPECT_EQ(client.ask(post("/small", "0123456789")).status, 200);
  }
}

TEST_F(ServerTest, CompressedBodiesAreRefused) {
  start();
  raw_client client{server->port()};
  EXPECT_EQ(
      client.ask("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nxx").status,
      415);
}

TEST_F(ServerTest, InvitesABodyOnlyWhenItWillTakeIt) {
  start();
  {
    raw_client client{server->port()};
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ(client.receive().status, 100);
    EXPECT_EQ(client.ask("ok").body, "ok");
    EXPECT_EQ(client.ask(get_hello).status, 200);
  }
  {
    raw_client client{server->port()};
    EXPECT_EQ(
        client.ask("POST /small HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 20\r\n\r\n").status,
        413);
  }
  {
    raw_client client{server->port()};
    EXPECT_EQ(client.ask("POST /none HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 20\r\n\r\n").status,
              404);
    EXPECT_TRUE(client.closed());
  }
  {
    // HTTP/1.0 knows no answer before the answer.
    raw_client client{server->port()};
    client.send("POST /echo HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    server->settle();
    EXPECT_EQ(client.ask("ok").status, 200);
  }
}

TEST_F(ServerTest, SmugglersGetOneAnswerAndNoConnection) {
  start();
  const std::string smuggled = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";
  for (const std::string& attempt :
       {"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled,
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\nContent-Length: 35\r\n\r\n" + smuggled,
        "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n" + smuggled,
        "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + smuggled,
        "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n" + smuggled,
        "GET /hello HTTP/1.1\r\nHost: h\r\nHost: i\r\n\r\n" + smuggled,
        "GET /hello HTTP/1.1\nHost: h\n\n" + smuggled}) {
    raw_client client{server->port()};
    const auto got = client.ask(attempt);
    EXPECT_GE(got.status, 400) << attempt;
    EXPECT_EQ(got.header("connection"), "close");
    EXPECT_EQ(client.rest(), "") << attempt;
  }
  EXPECT_EQ(server->server().counters().malformed, 7u);
}

TEST_F(ServerTest, TooLargeHeadsAndOtherVersionsAreRefused) {
  start();
  EXPECT_EQ(raw_client{server->port()}.ask("GET /hello HTTP/1.1\r\nHost: h\r\nX: " + std::string(17'000, 'x')).status,
            431);
  EXPECT_EQ(raw_client{server->port()}.ask("GET /" + std::string(17'000, 'x')).status, 414);
  EXPECT_EQ(raw_client{server->port()}.ask("GET /hello HTTP/3.0\r\nHost: h\r\n\r\n").status, 505);
  const auto largest = "GET /hello HTTP/1.1\r\nHost: h\r\nX: " + std::string(16 * 1024 - 38, 'x') + "\r\n\r\n";
  EXPECT_EQ(raw_client{server->port()}.ask(largest).status, 200) << largest.size();
}

TEST_F(ServerTest, SilentClientsAreLetGo) {
  start();
  raw_client silent{server->port()};
  server->advance_until(1s, [&] { return server->server().counters().timed_out == 1; });
  EXPECT_TRUE(silent.closed());
  EXPECT_EQ(server->server().counters().timed_out, 1u);
}

TEST_F(ServerTest, IdleConnectionsEndAfterTheirTimeAndNotBefore) {
  start();
  raw_client client{server->port()};
  EXPECT_EQ(client.ask(get_hello).status, 200);
  server->clock.advance(60s);
  server->settle();
  EXPECT_EQ(client.ask(get_hello).status, 200);
  server->advance_until(1s, [&] { return server->server().counters().timed_out == 1; });
  EXPECT_TRUE(client.closed());
}

TEST_F(ServerTest, AByteASecondIsTooSlowForAHead) {
  start();
  raw_client slow{server->port()};
  slow.send("GET /hel");
  for (int i = 0; i < 40 && server->server().counters().timed_out == 0; ++i) {
    slow.send("l");
    server->clock.advance(1s);
    server->settle();
  }
  const auto got = slow.receive();
  EXPECT_EQ(got.status, 408);
  EXPECT_EQ(got.header("connection"), "close");
}

TEST_F(ServerTest, AByteASecondIsTooSlowForABody) {
  start();
  raw_client slow{server->port()};
  slow.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n");
  for (int i = 0; i < 40 && server->server().counters().timed_out == 0; ++i) {
    slow.send("x");
    server->clock.advance(1s);
    server->settle();
  }
  EXPECT_EQ(slow.receive().status, 408);
}

TEST_F(ServerTest, WhoDoesNotReadIsCutOff) {
  declare_more = [](router& routes) {
    routes.get("/large").open().handle(
        [] { return make_response(200, "text/plain", std::string(32 * 1024 * 1024, 'l')); });
  };
  start();
  raw_client deaf{server->port(), 4096};
  deaf.send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
  server->advance_until(60s, [&] { return server->server().counters().timed_out > 0; });
  EXPECT_EQ(server->server().counters().timed_out, 1u);
  EXPECT_LT(deaf.rest().size(), 32u * 1024 * 1024);
}

TEST_F(ServerTest, LargeAnswersArriveWhole) {
  declare_more = [](router& routes) {
    routes.get("/large").open().handle([] {
      std::string text;
      for (int i = 0; i < 1'000'000; ++i) text += static_cast<char>('a' + i % 23);
      return make_response(200, "text/plain", text);
    });
  };
  start();
  raw_client client{server->port(), 4096};
  const auto got = client.ask("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_EQ(got.body.size(), 1'000'000u);
  EXPECT_EQ(got.body[999'999], 'a' + 999'999 % 23);
  EXPECT_EQ(client.ask(get_hello).status, 200);
}

TEST_F(ServerTest, WhenFullTheLongestIdleMakesRoom) {
  server_options options;
  options.max_connections = 2;
  start(options);
  raw_client first{server->port()};
  EXPECT_EQ(first.ask(get_hello).status, 200);
  raw_client second{server->port()};
  EXPECT_EQ(second.ask(get_hello).status, 200);
  raw_client third{server->port()};
  EXPECT_EQ(third.ask(get_hello).status, 200);
  EXPECT_TRUE(first.closed());
  EXPECT_EQ(second.ask(get_hello).status, 200);
  EXPECT_EQ(server->server().counters().evicted_idle, 1u);
}

TEST_F(ServerTest, AnIdleConnectionOfAnyCoreMakesRoom) {
  server_options options;
  options.max_connections = 1;
  start(options, 2);
  std::unique_ptr<raw_client> last;
  // The kernel deals them out to the cores: one after the other on the same all the time would be a wonder.
  for (int i = 0; i < 32; ++i) {
    auto next = std::make_unique<raw_client>(server->port());
    EXPECT_EQ(next->ask(get_hello).status, 200);
    server->settle();  // it is idle now
    if (last) {
      EXPECT_TRUE(last->closed());
    }
    last = std::move(next);
  }
  EXPECT_EQ(server->server().counters().evicted_idle, 31u);
  EXPECT_EQ(server->server().counters().refused_full, 0u);
}

TEST_F(ServerTest, WhatIsHandedOverCountsUntilItIsGone) {
  server.emplace([] {
    server_options options;
    options.max_connections = 1;
    return options;
  }());
  declare_basics(server->routes());
  std::promise<std::shared_ptr<void>> taken;
  server->server().on_upgrade("/ws", [&](upgrade_request&& one) { taken.set_value(std::move(one.place)); });
  server->start();
  raw_client socket{server->port()};
  socket.send("GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  auto place = taken.get_future().get();
  EXPECT_EQ(server->server().counters().held, 1u);
  {
    raw_client refused{server->port()};
    EXPECT_EQ(refused.receive().status, 503);
  }
  place.reset();
  EXPECT_EQ(server->server().counters().held, 0u);
  raw_client welcome{server->port()};
  EXPECT_EQ(welcome.ask(get_hello).status, 200);
}

TEST_F(ServerTest, WhenFullOfWorkNewConnectionsAreRefused) {
  gate hold;
  declare_more = [&](router& routes) {
    routes.get("/wait").open().handle([&]() -> task<response> {
      co_await hold.pass();
      co_return make_response(200, "text/plain", "waited");
    });
  };
  server_options options;
  options.max_connections = 1;
  start(options);
  raw_client busy{server->port()};
  busy.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
  hold.wait_for_arrival();
  raw_client refused{server->port()};
  const auto got = refused.receive();
  EXPECT_EQ(got.status, 503);
  EXPECT_EQ(got.header("retry-after"), "1");
  hold.open();
  EXPECT_EQ(busy.receive().body, "waited");
}

TEST_F(ServerTest, BodiesInFlightAreBounded) {
  server_options options;
  options.max_body_bytes_in_flight = 1000;
  start(options);
  raw_client first{server->port()};
  first.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 900\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(first.receive().status, 100);
  first.send("x");
  server->settle();
  raw_client second{server->port()};
  const auto got = second.ask("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 900\r\n\r\n");
  EXPECT_EQ(got.status, 503);
  EXPECT_TRUE(got.has("retry-after"));
  EXPECT_EQ(first.ask(std::string(899, 'y')).body, "x" + std::string(899, 'y'));
  raw_client third{server->port()};
  EXPECT_EQ(third.ask(post("/echo", std::string(900, 'z'))).status, 200);
}

TEST_F(ServerTest, ABodyThatIsOnlyAnnouncedKeepsNoOtherOut) {
  server_options options;
  options.max_body_bytes_in_flight = 100'000;
  start(options);
  std::vector<std::unique_ptr<raw_client>> silent;
  for (int i = 0; i < 5; ++i) {
    silent.push_back(std::make_unique<raw_client>(server->port()));
    silent.back()->send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 90000\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(silent.back()->receive().status, 100);
  }
  raw_client client{server->port()};
  EXPECT_EQ(client.ask(post("/echo", std::string(50'000, 'z'))).status, 200);
}

TEST_F(ServerTest, DeadlinesCancelWhatAHandlerWaitsFor) {
  gate never;
  declare_more = [&](router& routes) {
    routes.get("/slow").open().deadline(2s).handle([&]() -> task<response> {
      co_await never.pass();
      co_return make_response(200, "text/plain", "too late");
    });
  };
  server.emplace();
  server->routes().use(error_boundary({}, {}, {})).use(deadline(server->clock));
  declare_basics(server->routes());
  declare_more(server->routes());
  server->start();
  raw_client client{server->port()};
  client.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
  never.wait_for_arrival();
  server->clock.advance(2500ms);
  const auto got = client.receive();
  EXPECT_EQ(got.status, 504);
  EXPECT_NE(got.body.find("deadline_exceeded"), std::string::npos);
  // The connection is as good as before.
  EXPECT_EQ(client.ask(get_hello).status, 200);
  EXPECT_EQ(client.ask(post("/echo", "again")).body, "again");
}

TEST_F(ServerTest, AHandlerThatHeedsNothingLosesItsConnection) {
  gate never;
  declare_more = [&](router& routes) {
    routes.get("/deaf").open().deadline(1s).handle([&]() -> task<response> {
      co_await never.pass();
      co_return make_response(200, "text/plain", "at last");
    });
  };
  start();  // without the deadline middleware nothing cancels it
  raw_client client{server->port()};
  client.send("GET /deaf HTTP/1.1\r\nHost: h\r\n\r\n");
  never.wait_for_arrival();
  server->advance_until(1s, [&] { return server->server().counters().abandoned == 1; });
  EXPECT_EQ(client.rest(), "");
  EXPECT_EQ(server->server().counters().abandoned, 1u);
  never.open();
}

TEST_F(ServerTest, StopFinishesWhatIsUnderWayAndClosesTheRest) {
  gate hold;
  declare_more = [&](router& routes) {
    routes.get("/wait").open().handle([&]() -> task<response> {
      co_await hold.pass();
      co_return make_response(200, "text/plain", "finished");
    });
  };
  start();
  raw_client idle{server->port()};
  EXPECT_EQ(idle.ask(get_hello).status, 200);
  raw_client busy{server->port()};
  busy.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
  hold.wait_for_arrival();

  auto stopped = std::async(std::launch::async, [&] { server->server().stop(20s); });
  EXPECT_TRUE(idle.closed());
  EXPECT_THROW(raw_client{server->port()}, std::system_error);
  hold.open();
  const auto got = busy.receive();
  EXPECT_EQ(got.body, "finished");
  EXPECT_EQ(got.header("connection"), "close");
  EXPECT_TRUE(busy.closed());
  stopped.get();
  EXPECT_EQ(server->server().counters().open, 0u);
}

TEST_F(ServerTest, StopDoesNotWaitForAHeadThatDoesNotCome) {
  server_options options;
  options.delivery = std::chrono::hours{1};
  start(options);
  raw_client idle{server->port()};
  EXPECT_EQ(idle.ask(get_hello).status, 200);
  std::optional<raw_client> half{server->port()};
  EXPECT_EQ(half->ask(get_hello).status, 200);
  half->send("GET /hello HT");
  for (int i = 0; i < 2; ++i) server->settle();  // it was read
  auto stopped = std::async(std::launch::async, [&] { server->server().stop(20s); });
  EXPECT_TRUE(idle.closed());  // it stops
  server->advance_until(500ms, [&] { return server->server().counters().timed_out == 1; });
  EXPECT_EQ(half->receive().status, 408);
  half.reset();
  stopped.get();
  EXPECT_EQ(server->server().counters().open, 0u);
}

TEST_F(ServerTest, APortThatIsTakenIsToldBeforeAnythingElseIsDone) {
  server.emplace();
  declare_basics(server->routes());
  server->start();
  EXPECT_THROW(require_free("127.0.0.1", server->port()), boost::system::system_error);
  EXPECT_NO_THROW(require_free("127.0.0.1", 0));
}

TEST_F(ServerTest, StopDoesNotWaitForWhatWasHandedOver) {
  server.emplace();
  declare_basics(server->routes());
  std::promise<upgrade_request> taken;
  server->server().on_upgrade("/ws", [&](upgrade_request&& one) { taken.set_value(std::move(one)); });
  server->start();
  raw_client socket{server->port()};
  socket.send("GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  const auto kept = taken.get_future().get();
  server->server().stop(std::chrono::hours{1});
  EXPECT_EQ(server->server().counters().held, 1u);
}

TEST_F(ServerTest, StopCutsWhatDoesNotEndInTime) {
  gate never;
  declare_more = [&](router& routes) {
    routes.get("/wait").open().handle([&]() -> task<response> {
      co_await never.pass();
      co_return make_response(200, "text/plain", "never");
    });
  };
  start();
  raw_client busy{server->port()};
  busy.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n");
  never.wait_for_arrival();
  server->server().stop(10ms);
  EXPECT_EQ(busy.rest(), "");
  EXPECT_EQ(server->server().counters().open, 0u);
}

TEST_F(ServerTest, UpgradesAreHandedOverWithWhatCameBehindTheHead) {
  server.emplace();
  declare_basics(server->routes());
  server->routes().get("/socket.io/plain").open().handle([] {
    return make_response(200, "text/plain", "not upgraded");
  });
  std::promise<std::string> target;
  server->server().on_upgrade("/socket.io/", [&](upgrade_request&& taken) {
    target.set_value(taken.target + '|' + taken.leftover + '|' +
                     std::string{taken.headers.find("x-mark").value_or("")} + '|' + taken.remote_address);
    boost::system::error_code ignored;
    taken.socket.write_some(boost::asio::buffer("HTTP/1.1 101 Switching Protocols\r\n\r\n", 36), ignored);
  });
  server->start();
  raw_client client{server->port()};
  EXPECT_EQ(client.ask("GET /socket.io/plain HTTP/1.1\r\nHost: h\r\n\r\n").body, "not upgraded");
  const auto got = client.ask(
      "GET /socket.io/?EIO=4 HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Mark: "
      "m\r\n\r\nframes");
  EXPECT_EQ(got.status, 101);
  EXPECT_EQ(target.get_future().get(), "/socket.io/?EIO=4|frames|m|127.0.0.1");
  server->settle();
  EXPECT_EQ(server->server().counters().open, 0u);
}

TEST_F(ServerTest, OfTwoPipelinedRequestsTheSecondWaitsAtItsDoorLikeTheFirst) {
  server.emplace();
  declare_basics(server->routes());
  gate second;
  server->server().on_request("/door/", 5s, [&](request& incoming, body_reader) -> task<response> {
    if (incoming.path == "/door/2") co_await second.pass();
    co_return make_response(200, "text/plain", incoming.path);
  });
  server->start();
  raw_client client{server->port()};
  client.send("GET /door/1 HTTP/1.1\r\nHost: h\r\n\r\nGET /door/2 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(client.receive().body, "/door/1");
  second.wait_for_arrival();
  server->settle();
  second.open();
  EXPECT_EQ(client.receive().body, "/door/2");
}

TEST_F(ServerTest, ForwardedAddressesAreBelievedFromProxiesOnly) {
  const auto show = [](router& routes) {
    routes.get("/who").open().handle(
        [](request& incoming) { return make_response(200, "text/plain", incoming.remote_address); });
  };
  const std::string forwarded =
      "GET /who HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: 6.6.6.6, 203.0.113.7, 10.1.2.3\r\n\r\n";
  declare_more = show;
  start();
  EXPECT_EQ(raw_client{server->port()}.ask(forwarded).body, "127.0.0.1");
  server_options options;
  options.trusted_proxies = {"127.0.0.1", "10.0.0.0/8"};
  server.reset();
  start(options);
  EXPECT_EQ(raw_client{server->port()}.ask(forwarded).body, "203.0.113.7");
  EXPECT_EQ(raw_client{server->port()}.ask("GET /who HTTP/1.1\r\nHost: h\r\nX-Forwarded-For: unknown\r\n\r\n").body,
            "127.0.0.1");
  server_options wrong;
  wrong.trusted_proxies = {"10.0.0.0/33"};
  EXPECT_THROW(running_server{wrong}, std::invalid_argument);
}

TEST_F(ServerTest, APortInUseIsRefusedInASentence) {
  start({}, 2);
  runtime::io_pool pool{1};
  runtime::clock time;
  router routes;
  routes.seal();
  server_options options;
  options.address = "127.0.0.1";
  options.port = server->port();
  http::server second{pool, time, routes, options};
  try {
    second.start();
    FAIL() << "two servers share a port";
  } catch (const boost::system::system_error& refused) {
    EXPECT_EQ(refused.code(), boost::system::errc::address_in_use);
    const auto expected = "cannot listen on 127.0.0.1:" + std::to_string(options.port) + ": Address already in use";
    EXPECT_TRUE(std::string_view{refused.what()}.starts_with(expected)) << refused.what();
    EXPECT_EQ(std::string_view{refused.what()}.find(".hpp"), std::string_view::npos) << refused.what();
  }
}

TEST_F(ServerTest, WillNotStartWithAnUnsealedTable) {
  runtime::io_pool pool{1};
  runtime::clock time;
  router routes;
  http::server unsealed{pool, time, routes};
  EXPECT_THROW(unsealed.start(), std::logic_error);
}

}  // namespace
}  // namespace nxg::http::testing
