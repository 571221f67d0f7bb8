#include "world.hpp"

#include <algorithm>

namespace nxg::socketio {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

/// What a client hears, as `name arguments`.
void note_events(const std::shared_ptr<client_socket>& at, std::vector<std::string>& heard) {
  at->on("*", [&heard](event_args args) {
    heard.push_back(std::string{args.name()} + ' ' + args.to_payload().arguments());
  });
}

TEST(server, the_authenticator_lets_in_with_data_and_rooms_or_keeps_out_with_a_reason) {
  world w;
  auto& members = w.server.namespace_("/members");
  std::string data;
  members
      .authenticate([](std::shared_ptr<const handshake> from) -> task<authentication> {
        if (from->auth == R"({"token":"good"})")
          co_return accepted{.data = std::string{"anna"}, .rooms = {"user:anna"}};
        co_return refused{.message = "bad \"token\"", .data = R"({"code":"invalid_token"})"};
      })
      .on_connect(
          [&](const std::shared_ptr<socket>& one) { data = one->data_as<std::string>() + '@' + one->rooms().at(0); });
  w.run([&]() -> task<> {
    const auto good = co_await w.join("/members", R"({"token":"good"})");
    EXPECT_EQ(data, "anna@user:anna");
    EXPECT_EQ(core_of(good.socket->id()), 0u);
    try {
      co_await w.join("/members", R"({"token":"bad"})");
      ADD_FAILURE() << "it was let in";
    } catch (const connect_refused& error) {
      EXPECT_STREQ(error.what(), "bad \"token\"");
      EXPECT_EQ(error.data(), R"({"code":"invalid_token"})");
    }
    EXPECT_EQ(members.size(), 1u);
    EXPECT_EQ(w.server.statistics().connects_refused, 1u);
  });
}

TEST(server, an_authenticator_that_throws_or_hangs_keeps_out) {
  world w;
  bool cancelled = false;
  w.server.namespace_("/throws").authenticate([](std::shared_ptr<const handshake>) -> task<authentication> {
    throw std::runtime_error{"no store"};
    co_return refused{};
  });
  w.server.namespace_("/hangs").authenticate([&](std::shared_ptr<const handshake>) -> task<authentication> {
    try {
      co_await runtime::sleep_for(w.time, 24h);
    } catch (const boost::system::system_error&) {
      cancelled = true;
    }
    co_return accepted{};
  });
  w.run([&]() -> task<> {
    const auto connection = co_await client::open(w.environment, w.url());
    co_await expect_throw<connect_refused>(connection->of("/throws")->connect(""));
    EXPECT_THAT(w.errors, ElementsAre("/throws authenticate: no store"));
    bool refused = false;
    const auto join = [&]() -> task<> {
      try {
        co_await connection->of("/hangs")->connect("");
      } catch (const connect_refused& error) {
        EXPECT_STREQ(error.what(), "authentication timed out");
        refused = true;
      } catch (const ack_timeout&) {
        refused = true;  // the client's own patience is as long
      }
    };
    asio::co_spawn(w.loop, join(), [](std::exception_ptr) {});
    for (int i = 0; i < 20; ++i) co_await asio::post(w.loop, asio::use_awaitable);
    w.time.advance(11s);
    co_await w.until([&] { return refused && cancelled; });
    EXPECT_EQ(w.server.namespace_("/hangs").size(), 0u);
  });
}

TEST(server, events_reach_their_handlers_in_order_and_are_answered) {
  world w;
  std::vector<std::string> order;
  gate later{w.loop.get_executor(), w.time};
  w.server.namespace_("/")
      .on("plain",
          [&](const std::shared_ptr<socket>&, event_args args) { order.push_back("plain " + std::string{args[0]}); })
      .on("slow",
          [&](std::shared_ptr<socket>, event_args args) -> task<> {
            order.push_back("slow begins");
            co_await later.wait();
            args.ack(payload{R"("done")"}.add_binary("bytes"));
          })
      .on("*", [&](const std::shared_ptr<socket>&, event_args args) {
        order.push_back("other " + std::string{args.name()});
      });
  w.run([&]() -> task<> {
    const auto one = co_await w.join();
    one.socket->emit("plain", "1");
    one.socket->emit("unheard");
    std::optional<event_args> answer;
    const auto ask = [&]() -> task<> { answer = co_await one.socket->emit_with_ack("slow", payload{}, 5s); };
    asio::co_spawn(w.loop, ask(), [](std::exception_ptr) {});
    co_await w.until([&] { return order.size() == 3; });
    one.socket->emit("plain", "2");
    co_await w.until([&] { return order.size() == 4; });
    later.open();
    co_await w.until([&] { return answer.has_value(); });
    EXPECT_EQ((*answer)[0], R"("done")");
    EXPECT_EQ(answer->binary(1), "bytes");
    EXPECT_THAT(order, ElementsAre("plain 1", "other unheard", "slow begins", "plain 2"));
  });
}

TEST(server, an_event_may_be_taken_at_first_look) {
  world w;
  std::vector<std::string> order;
  w.server.namespace_("/other").on("count", [](const std::shared_ptr<socket>&, event_args args) { args.ack("0"); });
  w.server.namespace_("/")
      .on("count",
          [&](const std::shared_ptr<socket>&, event_args args) {
            order.push_back("checked " + std::string{args[0]});
            args.ack("2");
          })
      .at_first_look("count", [&](const std::shared_ptr<socket>&, std::string_view text, acknowledgement& reply) {
        order.push_back("seen " + std::string{text});
        if (text == "7") throw std::runtime_error{"seven"};
        if (text != "1") return false;
        reply("1");
        return true;
      });
  w.run([&]() -> task<> {
    const auto one = co_await w.join();
    const auto other = one.connection->of("/other");
    co_await other->connect("");
    const auto taken = co_await one.socket->emit_with_ack("count", payload{"1"}, 5s);
    const auto left = co_await one.socket->emit_with_ack("count", payload{"5"}, 5s);
    const auto elsewhere = co_await other->emit_with_ack("count", payload{"1"}, 5s);
    EXPECT_EQ(taken[0], "1");
    EXPECT_EQ(left[0], "2");
    EXPECT_EQ(elsewhere[0], "0");
    EXPECT_THAT(order, ElementsAre("seen 1", "seen 5", "checked 5"));
    one.socket->emit("count", "7");
    co_await w.until([&] { return !w.errors.empty(); });
    EXPECT_THAT(w.errors, ElementsAre("/ count: seven"));
    EXPECT_EQ(w.server.statistics().events_received, 4u);
    // What nobody takes unchecked is checked as ever.
    raw_peer raw{w};
    co_await raw.open();
    const auto greeting = co_await raw.next();
    EXPECT_THAT(greeting, testing::StartsWith("0"));
    co_await raw.send("40");
    const auto joined = co_await raw.next();
    EXPECT_THAT(joined, testing::StartsWith("40"));
    co_await raw.send(R"(42["count",no json])");
    const auto end = co_await raw.next();
    EXPECT_EQ(end, "close 1002");
    EXPECT_EQ(order.back(), "seen no json");
  });
}

TEST(server, a_handler_that_throws_ends_nothing) {
  world w;
  w.server.namespace_("/")
      .on("plain", [](const std::shared_ptr<socket>&, event_args) { throw std::runtime_error{"one"}; })
      .on("coroutine",
          [](std::shared_ptr<socket>, event_args) -> task<> {
            throw std::runtime_error{"two"};
            co_return;
          })
      .on("fine", [](const std::shared_ptr<socket>&, event_args args) { args.ack("1"); });
  w.run([&]() -> task<> {
    const auto one = co_await w.join();
    one.socket->emit("plain");
    one.socket->emit("coroutine");
    const auto answer = co_await one.socket->emit_with_ack("fine", payload{}, 5s);
    EXPECT_EQ(answer[0], "1");
    co_await w.until([&] { return w.errors.size() == 2; });
    EXPECT_THAT(w.errors, ElementsAre("/ plain: one", "/ coroutine: two"));
  });
}

TEST(server, asks_a_client_and_waits_for_its_answer_no_longer_than_told) {
  world w;
  std::shared_ptr<socket> peer;
  w.server.namespace_("/").on_connect([&](std::shared_ptr<socket> one) { peer = std::move(one); });
  w.run([&]() -> task<> {
    const auto one = co_await w.join();
    one.socket->on("double", [](event_args args) { args.ack(payload{args[0]}.add(args[0])); });
    const auto answer = co_await peer->emit_with_ack("double", "21", 5s);
    EXPECT_EQ(answer.to_payload().arguments(), "21,21");

    std::string outcome;
    const auto ask = [&]() -> task<> {
      try {
        co_await peer->emit_with_ack("nobody hears", payload{}, 5s);
      } catch (const std::exception& error) {
        outcome = error.what();
      }
    };
    asio::co_spawn(w.loop, ask(), [](std::exception_ptr) {});
    for (int i = 0; i < 10; ++i) co_await asio::post(w.loop, asio::use_awaitable);
    w.time.advance(4s);
    for (int i = 0; i < 10; ++i) co_await asio::post(w.loop, asio::use_awaitable);
    EXPECT_EQ(outcome, "");
    w.time.advance(1s);
    co_await w.until([&] { return !outcome.empty(); });
    EXPECT_EQ(outcome, "no acknowledgement in time");

    outcome.clear();
    asio::co_spawn(w.loop, ask(), [](std::exception_ptr) {});
    co_await asio::post(w.loop, asio::use_awaitable);
    one.connection->drop();
    co_await w.until([&] { return !outcome.empty(); });
    EXPECT_EQ(outcome, "disconnected: transport close");
    EXPECT_FALSE(peer->connected());
    co_await expect_throw<disconnected>(peer->emit_with_ack("late", payload{}, 5s));
  });
}

TEST(server, a_cancelled_wait_for_an_answer_ends_at_once) {
  world w;
  std::shared_ptr<socket> peer;
  w.server.namespace_("/").on_connect([&](std::shared_ptr<socket> one) { peer = std::move(one); });
  w.run([&]() -> task<> {
    const auto one = co_await w.join();
    asio::cancellation_signal cancel;
    boost::system::error_code code;
    bool ended = false;
    const auto ask = [&]() -> task<> { co_await peer->emit_with_ack("nobody hears", payload{}, 1h); };
    asio::co_spawn(w.loop, ask(), asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr error) {
                     ended = true;
                     try {
                       std::rethrow_exception(error);
                     } catch (const boost::system::system_error& e) {
                       code = e.code();
                     }
                   }));
    for (int i = 0; i < 10; ++i) co_await asio::post(w.loop, asio::use_awaitable);
    cancel.emit(asio::cancellation_type::terminal);
    co_await w.until([&] { return ended; });
    EXPECT_EQ(code, asio::error::operation_aborted);
  });
}

TEST(server, broadcasts_reach_the_sockets_that_are_meant_each_once) {
  world w;
  auto& all = w.server.namespace_("/");
  std::vector<std::shared_ptr<socket>> peers;
  all.on_connect([&](std::shared_ptr<socket> one) { peers.push_back(std::move(one)); });
  w.run([&]() -> task<> {
    std::vector<joined_client> clients;
    std::vector<std::vector<std::string>> heard(4);
    for (std::size_t i = 0; i < 4; ++i) {
      clients.push_back(co_await w.join());
      note_events(clients[i].socket, heard[i]);
    }
    peers[0]->join("a");
    peers[1]->join("a");
    peers[1]->join("b");
    peers[2]->join("b");
    peers[1]->join("a");
    all.emit("all", "0");
    all.to("a").to("b").emit("a or b", "1");
    all.to("a").except("b").emit("a not b", "2");
    all.except(peers[3]->id()).emit("not 3", "3");
    all.to(peers[3]->id()).emit("only 3", "4");
    peers[0]->to("a").emit("a but me", "5");
    peers[0]->others().emit("others", "6");
    all.to("nobody").emit("unheard", "7");
    peers[1]->leave("a");
    all.to("a").emit("a", "8");
    all.to("b").join("c");
    all.to("c").emit("c", payload{"9"}.add_binary("x"));
    all.to("c").leave("b");
    all.to("b").emit("unheard", "10");
    all.emit("end");
    co_await w.until([&] {
      return std::ranges::all_of(heard, [](const auto& one) { return !one.empty() && one.back() == "end "; });
    });
    EXPECT_THAT(heard[0], ElementsAre("all 0", "a or b 1", "a not b 2", "not 3 3", "a 8", "end "));
    const std::string c = R"(c 9,{"_placeholder":true,"num":0})";
    EXPECT_THAT(heard[1], ElementsAre("all 0", "a or b 1", "not 3 3", "a but me 5", "others 6", c, "end "));
    EXPECT_THAT(heard[2], ElementsAre("all 0", "a or b 1", "not 3 3", "others 6", c, "end "));
    EXPECT_THAT(heard[3], ElementsAre("all 0", "only 3 4", "others 6", "end "));

    auto found = co_await all.to("a").to("c").sockets();
    std::vector<std::string> ids;
    for (const auto& one : found) ids.push_back(one.id);
    EXPECT_THAT(ids, UnorderedElementsAre(peers[0]->id(), peers[1]->id(), peers[2]->id()));

    all.to("c").disconnect_sockets();
    co_await w.until([&] { return all.size() == 2; });
    EXPECT_FALSE(peers[1]->connected());
    EXPECT_THAT(peers[1]->rooms(), ElementsAre());
    EXPECT_TRUE(clients[1].connection->is_open()) << "only the namespace was left";
    all.disconnect_sockets(true);
    co_await w.until([&] { return !clients[0].connection->is_open() && !clients[3].connection->is_open(); });
    EXPECT_EQ(all.size(), 0u);
  });
}

TEST(server, a_crowd_hears_each_broadcast_once_and_in_order) {
  constexpr std::size_t crowd = 40;  // more than are looked at together
  world w;
  auto& all = w.server.namespace_("/");
  all.on_connect([n = 0](const std::shared_ptr<socket>& one) mutable {
    one->join(n % 2 == 0 ? "even" : "odd");
    if (n++ % 5 == 0) one->join("fifth");
  });
  w.run([&]() -> task<> {
    std::vector<joined_client> clients;
    std::vector<std::vector<std::string>> heard(crowd);
    for (auto& ears : heard) {
      clients.push_back(co_await w.join());
      note_events(clients.back().socket, ears);
    }
    all.all().emit("all");
    all.to("even").emit("even");
    all.to("even").to("fifth").emit("even or fifth");
    all.except("fifth").emit("not fifth");
    all.all().emit("end");
    const auto ended = [](const std::vector<std::string>& ears) { return !ears.empty() && ears.back() == "end "; };
    co_await w.until([&] { return std::ranges::all_of(heard, ended); });
    for (std::size_t n = 0; n < crowd; ++n) {
      std::vector<std::string> meant{"all "};
      if (n % 2 == 0) meant.emplace_back("even ");
      if (n % 2 == 0 || n % 5 == 0) meant.emplace_back("even or fifth ");
      if (n % 5 != 0) meant.emplace_back("not fifth ");
      meant.emplace_back("end ");
      EXPECT_EQ(heard[n], meant) << n;
    }
  });
}

TEST(server, says_why_a_socket_ended) {
  world w;
  std::vector<std::string> why;
  std::shared_ptr<socket> peer;
  auto& all = w.server.namespace_("/");
  all.on_connect([&](std::shared_ptr<socket> one) { peer = std::move(one); });
  all.on_disconnect([&](const std::shared_ptr<socket>& one, close_reason reason) {
    EXPECT_FALSE(one->connected());
    why.emplace_back(to_string(reason));
  });
  w.run([&]() -> task<> {
    std::vector<std::string> heard;
    const auto ended = [&](std::size_t count) { return w.until([&why, count] { return why.size() == count; }); };
    auto one = co_await w.join();
    one.socket->disconnect();
    co_await ended(1);
    co_await one.socket->connect("");
    one.connection->drop();
    co_await ended(2);
    one = co_await w.join();
    one.socket->on_disconnect([&](std::string_view reason) { heard.emplace_back(reason); });
    peer->disconnect();
    co_await ended(3);
    co_await w.until([&] { return heard.size() == 1; });
    one = co_await w.join();
    one.socket->on_disconnect([&](std::string_view reason) { heard.emplace_back(reason); });
    peer->disconnect(true);
    co_await ended(4);
    co_await w.until([&] { return heard.size() == 2; });
    raw_peer raw{w};
    co_await raw.open();
    co_await raw.send("40");
    co_await w.until([&] { return all.size() == 1; });
    co_await raw.send("42[");
    co_await ended(5);
    raw_peer rude{w};
    co_await rude.open();
    co_await rude.send("40");
    co_await w.until([&] { return all.size() == 1; });
    co_await rude.write("\x81\x01x");
    co_await ended(6);
    EXPECT_THAT(why, ElementsAre("client namespace disconnect", "transport close", "server namespace disconnect",
                                 "forced server close", "parse error", "transport error"));
    EXPECT_THAT(heard, ElementsAre("io server disconnect", "transport close"));
    EXPECT_EQ(w.server.statistics().sockets, 0u);
  });
}

TEST(server, closes_who_answers_no_ping_or_joins_nothing) {
  world w;
  std::vector<close_reason> why;
  auto& all = w.server.namespace_("/");
  all.on_disconnect([&](const std::shared_ptr<socket>&, close_reason reason) { why.push_back(reason); });
  w.run([&]() -> task<> {
    const auto polite = co_await w.join();
    raw_peer mute{w};
    co_await mute.open();
    co_await mute.send("40");
    co_await w.until([&] { return all.size() == 2; });
    raw_peer idle{w};
    co_await idle.open();
    co_await idle.next();
    w.time.advance(25s);
    const auto ping = co_await idle.next();
    EXPECT_EQ(ping, "2");
    co_await idle.send("3");
    co_await w.until([&] { return w.server.statistics().engine.messages_received == 2; });
    for (int i = 0; i < 50; ++i) co_await asio::post(w.loop, asio::use_awaitable);
    w.time.advance(20s);
    co_await w.until([&] { return why.size() == 1; });
    EXPECT_EQ(why[0], close_reason::ping_timeout);
    EXPECT_EQ(all.size(), 1u) << "who answers stays";
    const auto closing = co_await idle.next();
    EXPECT_EQ(closing, "close 1000") << "after 45 s without a namespace";
    EXPECT_EQ(w.server.statistics().engine.closed[static_cast<std::size_t>(close_reason::forced_close)], 1u);
  });
}

TEST(server, while_it_does_not_read_a_socket_nothing_is_missed_and_nobody_is_closed) {
  world w;
  std::shared_ptr<socket> peer;
  int received = 0;
  auto& all = w.server.namespace_("/");
  all.on_connect([&](std::shared_ptr<socket> one) { peer = std::move(one); });
  all.on("sample", [&](const std::shared_ptr<socket>&, event_args) { ++received; });
  w.run([&]() -> task<> {
    const auto one = co_await w.join();
    one.socket->emit("sample");
    co_await w.until([&] { return received == 1; });
    {
      const auto pause = peer->pause_reading();
      const auto again = peer->pause_reading();
      for (int i = 0; i < 1000; ++i) one.socket->emit("sample", std::string(200, '1'));
      for (int minute = 0; minute < 10; ++minute) {
        w.time.advance(25s);
        for (int i = 0; i < 200; ++i) co_await asio::post(w.loop, asio::use_awaitable);
      }
      EXPECT_EQ(received, 1);
      EXPECT_TRUE(peer->connected());
      EXPECT_TRUE(one.connection->is_open()) << "pings went on";
    }
    co_await w.until([&] { return received == 1001; });
    w.time.advance(20s);
    for (int i = 0; i < 200; ++i) co_await asio::post(w.loop, asio::use_awaitable);
    EXPECT_TRUE(peer->connected());
  });
}

TEST(server, reads_no_more_while_too_many_handlers_of_one_connection_are_at_work) {
  server_options options;
  options.max_events_in_flight = 8;
  world w{std::move(options)};
  gate open{w.loop.get_executor(), w.time};
  int started = 0;
  int ended = 0;
  w.server.namespace_("/").on("work", [&](std::shared_ptr<socket>, event_args) -> task<> {
    ++started;
    co_await open.wait();
    ++ended;
  });
  w.run([&]() -> task<> {
    const auto one = co_await w.join();
    const auto other = co_await w.join();
    for (int i = 0; i < 100; ++i) one.socket->emit("work");
    co_await w.until([&] { return started == 8; });
    for (int i = 0; i < 100; ++i) co_await asio::post(w.loop, asio::use_awaitable);
    EXPECT_EQ(started, 8);
    other.socket->emit("work");
    co_await w.until([&] { return started == 9; });
    open.open();
    co_await w.until([&] { return ended == 101; });
  });
}

TEST(server, a_client_that_does_not_read_is_closed_at_its_bound_and_disturbs_nobody) {
  server_options options;
  options.engine.send = {.max_bytes = 100'000, .max_messages = 1000};
  world w{std::move(options)};
  auto& all = w.server.namespace_("/");
  std::vector<close_reason> why;
  std::vector<std::shared_ptr<socket>> peers;
  all.on_connect([&](std::shared_ptr<socket> one) { peers.push_back(std::move(one)); });
  all.on_disconnect([&](const std::shared_ptr<socket>&, close_reason reason) { why.push_back(reason); });
  w.run([&]() -> task<> {
    raw_peer deaf{w};
    co_await deaf.open();
    co_await deaf.send("40");
    co_await w.until([&] { return all.size() == 1; });
    const auto reader = co_await w.join();
    int heard = 0;
    int live = 0;
    reader.socket->on("event", [&](event_args) { ++heard; });
    reader.socket->on("live", [&](event_args) { ++live; });
    const std::string big = '"' + std::string(20'000, 'x') + '"';
    int sent = 0;
    while (peers[0]->queued_bytes() == 0) {  // until the kernel takes no more
      all.emit("event", big);
      co_await w.until([&] { return heard == sent + 1; });
      ++sent;
    }
    const auto waiting = peers[0]->queued_bytes();
    for (int i = 0; i < 50; ++i) all.all().volatile_().emit("live", big);
    for (int i = 0; i < 50; ++i) all.all().coalesce("k").emit("live", big);
    EXPECT_LE(peers[0]->queued_bytes(), waiting + big.size() + 100) << "live values take one place, volatile ones none";
    EXPECT_TRUE(peers[0]->connected());
    for (int i = 0; i < 10; ++i) all.emit("event", big);
    co_await w.until([&] { return why.size() == 1; });
    EXPECT_EQ(why[0], close_reason::slow_client);
    co_await w.until([&] { return heard == sent + 10; });
    EXPECT_GT(live, 0);
    EXPECT_TRUE(peers[1]->connected());
  });
}

TEST(server, what_a_slow_client_reads_late_is_whole_and_in_order) {
  server_options options;
  options.engine.send = {.max_bytes = 50'000'000, .max_messages = 100'000};
  world w{std::move(options)};
  auto& all = w.server.namespace_("/");
  w.run([&]() -> task<> {
    raw_peer late{w};
    co_await late.open();
    co_await late.send("40");
    co_await w.until([&] { return all.size() == 1; });
    co_await late.next();
    co_await late.next();
    for (int i = 0; i < 5000; ++i)
      all.emit("n", payload{std::to_string(i)}.add('"' + std::string(static_cast<std::size_t>(i), 'x') + '"'));
    for (int i = 0; i < 5000; ++i) {
      const auto message = co_await late.next();
      const auto expected = "42[\"n\"," + std::to_string(i) + ",\"";
      EXPECT_TRUE(message.starts_with(expected) && message.size() == expected.size() + static_cast<std::size_t>(i) + 2)
          << message.substr(0, 40);
    }
  });
}

TEST(server, asks_the_application_about_origins_and_requests) {
  server_options options;
  options.engine.allow_origin = [](std::string_view origin) { return origin == "https://gym.example"; };
  options.engine.allow_request = [](const request_info& request) -> std::optional<std::string> {
    if (request.query("ticket") == "a b") return std::nullopt;
    return "no \"ticket\"";
  };
  world w{std::move(options)};
  w.server.namespace_("/");
  w.run([&]() -> task<> {
    const auto outcome = [&](std::string path, std::string origin) -> task<std::string> {
      client_options with;
      with.path = std::move(path);
      if (!origin.empty()) with.headers = {{"Origin", origin}};
      try {
        co_await client::open(w.environment, w.url(), with);
      } catch (const disconnected& error) {
        co_return error.what();
      }
      co_return "open";
    };
    // The client adds its own query behind the path, so the ticket travels in front of it.
    const std::string refused = "disconnected: the server answered 403 Forbidden";
    const auto without_ticket = co_await outcome("/socket.io/", "");
    EXPECT_EQ(without_ticket, refused);
    const auto misplaced_ticket = co_await outcome("/socket.io/?ticket=a+b&x=", "");
    EXPECT_EQ(misplaced_ticket, "disconnected: the server answered 400 Bad Request");
    raw_peer ticket{w};
    co_await ticket.open("/socket.io/?EIO=4&transport=websocket&ticket=a%20b");
    const auto opened = co_await ticket.next();
    EXPECT_TRUE(opened.starts_with("0{"));
    const auto evil = co_await outcome("/socket.io/", "https://evil.example");
    EXPECT_EQ(evil, refused);
    EXPECT_EQ(w.server.statistics().engine.handshakes_refused, 3u);
  });
}

TEST(server, stops_so_that_clients_come_back_elsewhere) {
  world w;
  std::vector<close_reason> why;
  w.server.namespace_("/").on_disconnect(
      [&](const std::shared_ptr<socket>&, close_reason reason) { why.push_back(reason); });
  w.run([&]() -> task<> {
    const auto one = co_await w.join();
    std::string heard;
    one.socket->on_disconnect([&](std::string_view reason) { heard = reason; });
    co_await w.server.stop(1h);
    EXPECT_THAT(why, ElementsAre(close_reason::server_shutting_down));
    co_await w.until([&] { return !heard.empty(); });
    EXPECT_EQ(heard, "transport close") << "a client told to leave a namespace would not come back";
    co_await expect_throw<disconnected>(w.join());
  });
}

TEST(server, a_peer_that_never_finishes_closing_is_cut) {
  world w;
  auto& all = w.server.namespace_("/");
  w.run([&]() -> task<> {
    raw_peer stubborn{w};
    co_await stubborn.open();
    co_await stubborn.send("40");
    co_await w.until([&] { return all.size() == 1; });
    co_await stubborn.next();
    co_await stubborn.next();
    all.disconnect_sockets(true);
    const auto closing = co_await stubborn.next();
    EXPECT_EQ(closing, "close 1000");
    co_await stubborn.send("42[\"ignored\"]");
    w.time.advance(2s);
    const auto after = co_await stubborn.next();
    EXPECT_EQ(after, "end");
  });
}

}  // namespace
}  // namespace nxg::socketio
