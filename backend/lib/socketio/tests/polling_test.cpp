#include "socketio/polling.hpp"
#include "socketio/engine_packet.hpp"
#include "socketio/polling_payload.hpp"
#include "socketio/websocket_frame.hpp"
#include "world.hpp"

namespace nxg::socketio {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

std::vector<std::string> packets_of(std::string_view payload) {
  std::vector<std::string> result;
  for (std::size_t at = 0; at <= payload.size();) result.emplace_back(take_polling_packet(payload, at));
  return result;
}

TEST(polling_payload, is_packets_with_separators_between) {
  EXPECT_THAT(packets_of("4a"), ElementsAre("4a"));
  EXPECT_THAT(packets_of("4a\x1e"
                         "bAQ==\x1e"
                         "4"),
              ElementsAre("4a", "bAQ==", "4"));
  EXPECT_THAT(packets_of(""), ElementsAre(""));
  EXPECT_THAT(packets_of("4a\x1e"), ElementsAre("4a", ""));
  EXPECT_THAT(packets_of("\x1e\x1e"), ElementsAre("", "", ""));
}

TEST(polling_payload, holds_the_packets_of_ready_frames) {
  std::string frames;
  websocket::append_frame(frames, websocket::opcode::text, "4one");
  websocket::append_frame(frames, websocket::opcode::binary, std::string_view{"\0\1\2", 3});
  std::string payload;
  append_polling_packets(payload, frames);
  append_polling_packet(payload, "1");
  EXPECT_EQ(payload,
            "4one\x1e"
            "bAAEC\x1e"
            "1");
}

TEST(polling_payload, base64_is_taken_with_and_without_padding_and_nothing_else) {
  EXPECT_EQ(decode_base64(""), "");
  EXPECT_EQ(decode_base64("AQ=="), "\1");
  EXPECT_EQ(decode_base64("AQ"), "\1");
  EXPECT_EQ(decode_base64("AQID"), "\1\2\3");
  EXPECT_EQ(decode_base64("+/+/"), "\xfb\xff\xbf");
  for (const char* wrong : {"A", "AQ=", "A===", "====", "AQ==AQ==", "A-_B", "AQ ID", "AQID\n"})
    EXPECT_EQ(decode_base64(wrong), std::nullopt) << wrong;
}

/// Notes what came of a request.
struct noted_exchange final : http_exchange {
  explicit noted_exchange(std::vector<std::string>& to, std::string called) : notes{to}, name{std::move(called)} {}
  void answer(http_answer with) override {
    notes.push_back(name + ' ' + std::to_string(with.status) + ' ' + with.body);
  }
  std::vector<std::string>& notes;
  std::string name;
};

/// A transport whose session is the test.
struct polling : testing::Test, transport_handler {
  polling() {
    // The transport keeps its handler; this one is the test's own.
    carrier->start(std::shared_ptr<transport_handler>{std::shared_ptr<void>{}, this});
  }
  void text(std::string_view message) override {
    heard.emplace_back(message);
    if (message == "4stop") carrier->set_reading(false);
    if (message == "4close") carrier->close(1000, "");
  }
  void binary(std::string_view message) override { heard.push_back("bytes " + std::string{message}); }
  void ended(const transport_end& end) override { heard.push_back("ended " + std::string{to_string(end.why)}); }

  std::shared_ptr<noted_exchange> request(std::string name) {
    return std::make_shared<noted_exchange>(answers, std::move(name));
  }
  void get(std::string name = "get") { carrier->poll(request(std::move(name))); }
  void post(std::string payload, std::string name = "post") {
    EXPECT_TRUE(carrier->begin_post());
    carrier->post(request(std::move(name)), std::move(payload));
  }
  bool send(std::string_view text, const delivery& how = {}) {
    std::string frames;
    websocket::append_frame(frames, websocket::opcode::text, text);
    return carrier->send(std::make_shared<const std::string>(frames), how);
  }
  void settle() {
    loop.restart();
    loop.poll();
  }

  runtime::clock time{runtime::clock::mode::adjustable};
  asio::io_context loop{1};
  std::shared_ptr<io_core> core = std::make_shared<io_core>(loop.get_executor(), time);
  std::shared_ptr<polling_transport> carrier =
      std::make_shared<polling_transport>(core, send_limits{.max_bytes = 100, .max_messages = 5}, nullptr);
  std::vector<std::string> heard;
  std::vector<std::string> answers;
};

TEST_F(polling, what_one_turn_of_the_loop_sends_shares_an_answer) {
  get();
  send("4a");
  send("4b");
  EXPECT_THAT(answers, IsEmpty());
  settle();
  send("4c");
  send("4d");
  get("again");
  EXPECT_THAT(answers, ElementsAre("get 200 4a\x1e"
                                   "4b",
                                   "again 200 4c\x1e"
                                   "4d"));
}

TEST_F(polling, messages_are_handed_over_in_order_and_acknowledged) {
  post(
      "4a\x1e"
      "bAQ==\x1e"
      "3");
  EXPECT_THAT(heard, ElementsAre("4a", "bytes \1", "3"));
  EXPECT_THAT(answers, ElementsAre("post 200 ok"));
}

TEST_F(polling, while_reading_is_paused_the_rest_of_a_request_waits_and_so_does_its_client) {
  post(
      "4stop\x1e"
      "4next");
  EXPECT_THAT(heard, ElementsAre("4stop"));
  EXPECT_THAT(answers, IsEmpty());
  EXPECT_TRUE(carrier->receives());
  carrier->set_reading(true);
  settle();
  EXPECT_THAT(heard, ElementsAre("4stop", "4next"));
  EXPECT_THAT(answers, ElementsAre("post 200 ok"));
}

TEST_F(polling, volatile_messages_need_a_request_that_waits) {
  EXPECT_FALSE(send("4gone", {.is_volatile = true}));
  get();
  EXPECT_TRUE(send("4here", {.is_volatile = true}));
  settle();
  EXPECT_THAT(answers, ElementsAre("get 200 4here"));
}

TEST_F(polling, the_newest_of_what_may_be_replaced_is_kept) {
  send("4old", {.coalesce = "k"});
  send("4other");
  send("4new", {.coalesce = "k"});
  get();
  EXPECT_THAT(answers, ElementsAre("get 200 4new\x1e"
                                   "4other"));
  EXPECT_EQ(carrier->dropped(), 1u);
}

TEST_F(polling, a_client_that_fetches_too_little_is_cut) {
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(send("4a"));
  EXPECT_FALSE(send("4a"));
  EXPECT_THAT(heard, IsEmpty()) << "not while the sender is at it";
  settle();
  EXPECT_THAT(heard, ElementsAre("ended slow client"));
}

TEST_F(polling, a_second_request_beside_the_first_ends_it) {
  get();
  get("second");
  EXPECT_THAT(answers, ElementsAre("second 400 {\"code\":3,\"message\":\"Bad request\"}", "get 200 1"));
  EXPECT_THAT(heard, ElementsAre("ended transport error"));
  EXPECT_FALSE(send("4late"));
}

TEST_F(polling, a_second_message_request_ends_it) {
  EXPECT_TRUE(carrier->begin_post());
  EXPECT_FALSE(carrier->begin_post());
  EXPECT_THAT(heard, ElementsAre("ended transport error"));
  carrier->post(request("first"), "4late");
  EXPECT_THAT(answers, ElementsAre(StartsWith("first 400")));
}

TEST_F(polling, a_client_that_leaves_a_request_ends_it) {
  const auto waits = request("get");
  carrier->poll(waits);
  carrier->gone(nullptr);
  EXPECT_THAT(heard, IsEmpty());
  carrier->gone(waits.get());
  EXPECT_THAT(heard, ElementsAre("ended transport error"));
  EXPECT_THAT(answers, IsEmpty());
}

TEST_F(polling, a_body_that_is_too_large_changes_nothing_one_that_breaks_off_ends_it) {
  EXPECT_TRUE(carrier->begin_post());
  carrier->post_failed(true);
  EXPECT_TRUE(carrier->begin_post());
  carrier->post_failed(false);
  EXPECT_THAT(heard, ElementsAre("ended transport error"));
}

TEST_F(polling, a_payload_that_is_none_ends_it) {
  const std::vector<std::string> wrong{"",
                                       "x",
                                       "4a\x1e",
                                       "b*",
                                       "4\xff",
                                       "4a\x1e\x1e"
                                       "4b"};
  for (const auto& payload : wrong) {
    heard.clear();
    answers.clear();
    carrier = std::make_shared<polling_transport>(core, send_limits{}, nullptr);
    carrier->start(std::shared_ptr<transport_handler>{std::shared_ptr<void>{}, this});
    post(payload);
    ASSERT_FALSE(heard.empty()) << payload;
    EXPECT_EQ(heard.back(), "ended parse error") << payload;
    EXPECT_THAT(answers, ElementsAre(StartsWith("post 400"))) << payload;
  }
}

TEST_F(polling, the_last_words_go_to_the_request_that_waits_or_are_left_for_the_next) {
  get();
  send("4bye");
  carrier->close(1000, "");
  EXPECT_THAT(answers, ElementsAre("get 200 4bye\x1e"
                                   "1"));
  EXPECT_THAT(carrier->take_farewell(), IsEmpty());

  carrier = std::make_shared<polling_transport>(core, send_limits{}, nullptr);
  send("4bye");
  carrier->close(1000, "");
  EXPECT_EQ(carrier->take_farewell(),
            "4bye\x1e"
            "1");
}

TEST_F(polling, closed_by_what_it_said_a_client_is_still_answered_and_heard_no_more) {
  post(
      "4close\x1e"
      "4more");
  EXPECT_THAT(heard, ElementsAre("4close"));
  EXPECT_THAT(answers, ElementsAre("post 200 ok"));
}

TEST_F(polling, a_client_that_says_goodbye_gets_its_request_back) {
  get();
  post(
      "4a\x1e"
      "1\x1e"
      "4b");
  EXPECT_THAT(heard, ElementsAre("4a", "ended transport close"));
  EXPECT_THAT(answers, ElementsAre("get 200 6", "post 200 ok"));
}

TEST_F(polling, while_another_transport_is_tried_requests_come_back_soon) {
  get();
  carrier->set_probed(true);
  EXPECT_THAT(answers, ElementsAre("get 200 6"));
  get("next");
  EXPECT_EQ(answers.size(), 1u);
  time.advance(100ms);
  settle();
  EXPECT_THAT(answers, ElementsAre("get 200 6", "next 200 6"));
  carrier->set_probed(false);
  get("last");
  time.advance(1s);
  settle();
  EXPECT_EQ(answers.size(), 2u);
}

TEST_F(polling, retired_it_gives_up_what_waits) {
  send("4a");
  send("4b");
  auto frames = carrier->retire();
  std::string_view rest = frames;
  EXPECT_EQ(websocket::take_ready_frame(rest).payload, "4a");
  EXPECT_EQ(websocket::take_ready_frame(rest).payload, "4b");
  EXPECT_THAT(rest, IsEmpty());
  EXPECT_THAT(heard, IsEmpty());
  get();
  EXPECT_THAT(answers, ElementsAre(StartsWith("get 400")));
}

/// Answers of a server on one loop, asked as an HTTP server would.
struct asking : testing::Test {
  explicit asking(server_options options = {}) : w{std::move(options)} {}

  task<http_answer> ask(std::string method, std::string query, std::string body = {},
                        websocket::header_list headers = {}) {
    http_request request{.method = std::move(method),
                         .target = "/socket.io/?EIO=4&transport=polling" + query,
                         .headers = std::move(headers),
                         .remote_address = address};
    return socketio::ask(w.server.requests(), std::move(request),
                         [body](std::size_t most) { return give(body, most); });
  }
  static task<http_body> give(std::string body, std::size_t most) {
    http_body result;
    if (body.size() > most) {
      result.how = http_body::outcome::too_large;
    } else {
      result.bytes = std::move(body);
    }
    co_return result;
  }
  task<std::string> open() {
    const auto answer = co_await ask("GET", "");
    const auto session = decode_open(std::string_view{answer.body}.substr(1));
    co_return "&sid=" + session.value().sid;
  }
  static std::string header(const http_answer& of, std::string_view name) {
    return std::string{websocket::find_header(of.headers, name)};
  }

  world w;
  std::string address;
};

TEST_F(asking, a_session_joins_talks_and_leaves) {
  std::vector<std::string> ends;
  w.server.namespace_("/")
      .on("say", [](const std::shared_ptr<socket>& who, event_args args) { who->emit("said", args.to_payload()); })
      .on_disconnect([&](const std::shared_ptr<socket>&, close_reason why) { ends.emplace_back(to_string(why)); });
  w.run([&]() -> task<> {
    const auto sid = co_await open();
    auto answer = co_await ask("POST", sid, "40");
    EXPECT_EQ(answer.body, "ok");
    answer = co_await ask("GET", sid);
    EXPECT_THAT(answer.body, StartsWith("40{\"sid\":"));
    co_await ask("POST", sid,
                 "42[\"say\",1]\x1e"
                 "42[\"say\",2]");
    answer = co_await ask("GET", sid);
    EXPECT_EQ(answer.body,
              "42[\"said\",1]\x1e"
              "42[\"said\",2]");
    co_await ask("POST", sid, "1");
    EXPECT_THAT(ends, ElementsAre("transport close"));
    answer = co_await ask("GET", sid);
    EXPECT_EQ(answer.body, R"({"code":1,"message":"Session ID unknown"})");
    EXPECT_EQ(w.server.statistics().engine.sessions, 0u);
  });
}

TEST_F(asking, a_socket_that_is_sent_away_gets_its_last_messages_if_it_asks_in_time) {
  w.server.namespace_("/").on("go", [](const std::shared_ptr<socket>& who, event_args) {
    who->emit("bye");
    who->disconnect(true);
  });
  w.run([&]() -> task<> {
    for (const auto& [late, expected] : {std::pair{1s,
                                                   "42[\"bye\"]\x1e"
                                                   "1"},
                                         std::pair{3s, "{\"code\":1"}}) {
      const auto sid = co_await open();
      co_await ask("POST", sid, "40");
      co_await ask("GET", sid);
      co_await ask("POST", sid, "42[\"go\"]");
      EXPECT_EQ(w.server.statistics().engine.sessions, 0u);
      w.time.advance(late);
      for (int i = 0; i < 5; ++i) co_await asio::post(w.loop, asio::use_awaitable);
      auto answer = co_await ask("GET", sid);
      EXPECT_THAT(answer.body, StartsWith(expected));
      answer = co_await ask("GET", sid);
      EXPECT_THAT(answer.body, StartsWith("{\"code\":1"));
    }
  });
}

TEST_F(asking, a_request_that_waits_is_answered_when_the_server_stops_and_no_session_is_opened_then) {
  w.run([&]() -> task<> {
    const auto sid = co_await open();
    std::string last;
    const auto wait = [&]() -> task<> {
      const auto answer = co_await ask("GET", sid);
      last = answer.body;
    };
    asio::co_spawn(w.loop, wait(), [](std::exception_ptr) {});
    co_await asio::post(w.loop, asio::use_awaitable);
    co_await w.server.stop(1s);
    co_await w.until([&] { return !last.empty(); });
    EXPECT_EQ(last, "1");
    const auto answer = co_await ask("GET", "");
    EXPECT_EQ(answer.status, 503u);
  });
}

TEST_F(asking, a_cancelled_request_ends_the_session) {
  std::vector<std::string> ends;
  w.server.namespace_("/").on_disconnect(
      [&](const std::shared_ptr<socket>&, close_reason why) { ends.emplace_back(to_string(why)); });
  w.run([&]() -> task<> {
    const auto sid = co_await open();
    co_await ask("POST", sid, "40");
    co_await ask("GET", sid);
    asio::cancellation_signal leave;
    bool cancelled = false;
    const auto wait = [&]() -> task<> { co_await ask("GET", sid); };
    asio::co_spawn(w.loop, wait(), asio::bind_cancellation_slot(leave.slot(), [&](std::exception_ptr error) {
                     cancelled = error != nullptr;
                   }));
    for (int i = 0; i < 5; ++i) co_await asio::post(w.loop, asio::use_awaitable);
    leave.emit(asio::cancellation_type::terminal);
    co_await w.until([&] { return cancelled && !ends.empty(); });
    EXPECT_THAT(ends, ElementsAre("transport error"));
  });
}

TEST_F(asking, bodies_are_bounded) {
  w.run([&]() -> task<> {
    const auto sid = co_await open();
    auto answer = co_await ask("POST", sid, "4" + std::string(1'000'000, 'x'));
    EXPECT_EQ(answer.status, 413u);
    answer = co_await ask("POST", sid, "40");
    EXPECT_EQ(answer.status, 200u) << "which ends nothing";
  });
}

struct picky : asking {
  static server_options options() {
    server_options with;
    with.engine.cookie.emplace();
    with.engine.cookie->secure = true;
    with.engine.cors.emplace();
    with.engine.cors->origins = {"https://gym.example"};
    with.engine.cors->credentials = true;
    with.engine.allow_origin = only_origins({"https://gym.example"});
    with.engine.allow_request = [](const request_info& from) -> std::optional<std::string> {
      if (from.query("token") == "good") return std::nullopt;
      return "no good token";
    };
    with.engine.max_sessions = 1;
    with.engine.upgrades = false;
    return with;
  }
  picky() : asking{options()} {}
};

TEST_F(picky, strangers_are_refused_and_friends_get_a_cookie) {
  w.run([&]() -> task<> {
    const websocket::header_list page{{"Origin", "https://gym.example"}};
    const websocket::header_list elsewhere{{"Origin", "https://evil.example"}};
    auto answer = co_await ask("GET", "&token=good", {}, elsewhere);
    EXPECT_EQ(answer.status, 403u);
    EXPECT_EQ(answer.body, R"({"code":4,"message":"Origin not allowed"})");
    EXPECT_EQ(header(answer, "Access-Control-Allow-Origin"), "");
    answer = co_await ask("GET", "", {}, page);
    EXPECT_EQ(answer.body, R"({"code":4,"message":"no good token"})");
    answer = co_await ask("GET", "&token=good", {}, page);
    EXPECT_EQ(answer.status, 200u);
    EXPECT_THAT(answer.body, HasSubstr(R"("upgrades":[])"));
    EXPECT_EQ(header(answer, "Access-Control-Allow-Origin"), "https://gym.example");
    EXPECT_EQ(header(answer, "Access-Control-Allow-Credentials"), "true");
    EXPECT_EQ(header(answer, "Vary"), "Origin");
    const auto session = decode_open(std::string_view{answer.body}.substr(1));
    EXPECT_EQ(header(answer, "Set-Cookie"), "io=" + session.value().sid + "; Path=/; HttpOnly; Secure; SameSite=Lax");
    answer = co_await ask("GET", "&token=good", {}, page);
    EXPECT_EQ(answer.status, 503u) << "one session is enough";
    EXPECT_EQ(w.server.statistics().engine.handshakes_refused, 3u);
  });
}

struct crowded : asking {
  static server_options options() {
    server_options with;
    with.engine.max_strangers_per_address = 2;
    with.engine.subscriber = [](std::string_view one) { return std::string{one.substr(0, one.rfind(':'))}; };
    return with;
  }
  crowded() : asking{options()} {}
  task<> expect_open(std::string where, unsigned status, std::string why = {}) {
    address = std::move(where);
    const auto answer = co_await ask("GET", "");
    EXPECT_EQ(answer.status, status) << address << ' ' << why;
  }
};

TEST_F(crowded, sessions_that_joined_nothing_are_bounded_per_address) {
  w.server.namespace_("/");
  w.run([&]() -> task<> {
    address = "192.0.2.1";
    const auto first = co_await open();
    const auto second = co_await open();
    co_await expect_open("192.0.2.1", 503);
    co_await expect_open("192.0.2.2", 200);
    co_await ask("POST", first, "40");
    co_await expect_open("192.0.2.1", 200, "the first is no stranger any more");
    co_await expect_open("192.0.2.1", 503);
    co_await ask("POST", second, "1");
    co_await expect_open("192.0.2.1", 200, "the second is gone");
    co_await ask("POST", first, "1");
    co_await expect_open("192.0.2.1", 503, "the first counted once");
    co_await expect_open("2001:db8::1", 200);
    co_await expect_open("2001:db8::2", 200);
    co_await expect_open("2001:db8::3", 503, "they are of one client");
  });
}

TEST_F(asking, a_change_of_transport_that_takes_too_long_is_given_up_and_polling_goes_on) {
  w.server.namespace_("/").on("say", [](const std::shared_ptr<socket>& who, event_args) { who->emit("said"); });
  w.run([&]() -> task<> {
    const auto sid = co_await open();
    co_await ask("POST", sid, "40");
    co_await ask("GET", sid);
    raw_peer peer{w};
    co_await peer.open("/socket.io/?EIO=4&transport=websocket" + sid);
    co_await peer.send("2probe");
    auto said = co_await peer.next();
    EXPECT_EQ(said, "3probe");
    w.time.advance(10s);
    said = co_await peer.next();
    EXPECT_EQ(said, "close 1000");
    co_await ask("POST", sid, "42[\"say\"]");
    const auto answer = co_await ask("GET", sid);
    EXPECT_EQ(answer.body, "42[\"said\"]");
  });
}

TEST_F(asking, a_server_that_ends_under_a_change_of_transport_cuts_both) {
  w.run([&]() -> task<> {
    const auto sid = co_await open();
    raw_peer peer{w};
    co_await peer.open("/socket.io/?EIO=4&transport=websocket" + sid);
    co_await peer.send("2probe");
    co_await peer.next();
    co_await ask("POST", sid, "1");
    const auto said = co_await peer.next();
    EXPECT_EQ(said, "end");
  });
}

}  // namespace
}  // namespace nxg::socketio
