#include "socketio/recovery_journal.hpp"
#include "world.hpp"

namespace nxg::socketio {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

TEST(middleware_of_a_namespace, is_asked_in_order_and_the_first_to_refuse_decides) {
  world w;
  std::vector<std::string> asked;
  const auto one = [&asked](std::string name, std::string refuses) -> middleware {
    return [&asked, name, refuses](std::shared_ptr<const handshake> from) -> task<std::optional<refused>> {
      asked.push_back(name);
      std::optional<refused> no;
      if (from->auth == refuses) no = refused{.message = name, .data = "[1]"};
      co_return no;
    };
  };
  w.server.namespace_("/").use(one("first", "{\"a\":1}")).use(one("second", "{\"a\":2}"));
  w.server.namespace_("/").authenticate([&](std::shared_ptr<const handshake>) -> task<authentication> {
    asked.emplace_back("authenticator");
    co_return accepted{};
  });
  w.run([&]() -> task<> {
    co_await w.join();
    EXPECT_THAT(asked, ElementsAre("first", "second", "authenticator"));
    for (const char* auth : {"{\"a\":1}", "{\"a\":2}"}) {
      try {
        co_await w.join("/", auth);
        ADD_FAILURE() << "it was let in";
      } catch (const connect_refused& error) {
        EXPECT_EQ(error.data(), "[1]");
        EXPECT_EQ(error.what(), asked.back());
      }
    }
    EXPECT_THAT(asked, ElementsAre("first", "second", "authenticator", "first", "first", "second"));
  });
}

TEST(namespaces_by_pattern, come_about_when_asked_for_within_their_number) {
  server_options options;
  options.max_pattern_namespaces = 2;
  world w{options};
  std::vector<std::string> came;
  w.server.namespaces([](std::string_view name) { return name.starts_with("/club-"); })
      .on_connect([&](const std::shared_ptr<socket>& one) { came.push_back(one->of().name()); });
  w.server.namespace_("/club-fixed").on_connect([&](const std::shared_ptr<socket>&) { came.emplace_back("fixed"); });
  w.run([&]() -> task<> {
    const auto a = co_await w.join("/club-a");
    const auto b = co_await w.join("/club-b");
    const auto again = co_await w.join("/club-a");
    const auto fixed = co_await w.join("/club-fixed");
    EXPECT_THAT(came, ElementsAre("/club-a", "/club-b", "/club-a", "fixed"));
    co_await expect_throw<connect_refused>(w.join("/club-c"));
    co_await expect_throw<connect_refused>(w.join("/other"));
    EXPECT_EQ(w.server.statistics().sockets, 4u);
  });
}

TEST(broadcasts_with_answers, end_when_all_have_answered_or_gone_or_the_time_is_over) {
  world w;
  auto& all = w.server.namespace_("/");
  all.on("join", [](const std::shared_ptr<socket>& who, event_args args) {
    who->join("room");
    args.ack();
  });
  all.show_data([](const std::any&) { return std::string{"7"}; });
  w.run([&]() -> task<> {
    std::vector<joined_client> clients;
    for (int i = 0; i < 3; ++i) {
      clients.push_back(co_await w.join());
      co_await clients.back().socket->emit_with_ack("join", payload{}, 5s);
    }
    for (int i : {0, 1})
      clients[static_cast<std::size_t>(i)].socket->on("q", [i](event_args args) { args.ack(std::to_string(i)); });
    const auto shown = co_await all.to("room").sockets();
    EXPECT_THAT(shown, SizeIs(3));
    EXPECT_EQ(shown.at(0).data, "7");

    std::optional<broadcast_answers> got;
    const std::string event = "q";
    const auto ask = [&]() -> task<> { got = co_await all.to("room").emit_with_ack(event, payload{}, 10s); };
    asio::co_spawn(w.loop, ask(), [](std::exception_ptr) {});
    for (int i = 0; i < 50; ++i) co_await asio::post(w.loop, asio::use_awaitable);
    EXPECT_FALSE(got) << "the third is silent";
    clients[2].connection->close();
    co_await w.until([&] { return got.has_value(); });
    std::vector<std::string> answers;
    for (const auto& one : got->answers) answers.emplace_back(one[0]);
    EXPECT_THAT(answers, UnorderedElementsAre("0", "1"));
    EXPECT_EQ(got->missing, 1u);
    EXPECT_TRUE(got->complete);

    got.reset();
    const auto ask_nobody = [&]() -> task<> { got = co_await all.to("empty").emit_with_ack(event, payload{}, 10s); };
    asio::co_spawn(w.loop, ask_nobody(), [](std::exception_ptr) {});
    co_await w.until([&] { return got.has_value(); });
    EXPECT_THAT(got->answers, IsEmpty());

    got.reset();
    const auto late = co_await w.join();
    co_await late.socket->emit_with_ack("join", payload{}, 5s);
    asio::co_spawn(w.loop, ask(), [](std::exception_ptr) {});
    for (int i = 0; i < 50; ++i) co_await asio::post(w.loop, asio::use_awaitable);
    w.time.advance(11s);
    co_await w.until([&] { return got.has_value(); });
    EXPECT_EQ(got->missing, 1u);
  });
}

class journal : public testing::Test {
 protected:
  std::string sent(std::string text, selection to = {}) {
    const std::lock_guard lock{kept.mutex()};
    const auto at = kept.next();
    kept.append(at, std::move(to), std::make_shared<const std::string>(std::move(text)));
    return kept.offset_of(at);
  }
  using returning = detail::recovery_journal::returning;
  std::vector<std::string> missed(const returning& by, std::uint64_t through = 1000) {
    std::vector<std::string> result;
    for (const auto& one : kept.missed(by.who, by.after, {.number = through})) result.push_back(*one);
    return result;
  }
  runtime::clock time{runtime::clock::mode::adjustable};
  runtime::secure_random random;
  detail::recovery_journal kept{
      {.max_disconnection = 120s, .max_events = 5, .max_bytes = 50, .max_clients = 2}, time, random};
};

TEST_F(journal, gives_back_what_a_client_missed_and_only_that) {
  sent("before");
  const auto offset = sent("last seen");
  sent("all");
  sent("its room", {.rooms = {"r", "x"}, .except = {}});
  sent("other room", {.rooms = {"x"}, .except = {}});
  kept.went_away("p", {"id", {"r"}, std::string{"data"}});
  const auto back = kept.comes_back("p", offset);
  ASSERT_TRUE(back);
  EXPECT_EQ(std::any_cast<std::string>(back->who.data), "data");
  EXPECT_THAT(missed(*back), ElementsAre("all", "its room"));
  EXPECT_THAT(missed(*back, 3), ElementsAre("all")) << "what the core has not delivered yet comes by itself";
  EXPECT_FALSE(kept.comes_back("p", offset)) << "once";
  const auto next = sent("not it", {.rooms = {}, .except = {"id"}});
  sent("it", {.rooms = {"id"}, .except = {"z"}});
  kept.went_away("p", {"id", {"r"}});
  EXPECT_THAT(missed(kept.comes_back("p", next).value()), ElementsAre("it"));
}

TEST_F(journal, goes_by_the_rooms_a_client_was_in_when_an_event_was_sent) {
  const auto offset = sent("last seen");
  sent("left since", {.rooms = {"left"}, .except = {}});
  sent("not yet in", {.rooms = {"entered"}, .except = {}});
  absent_client who{"id", {"entered"}, {}, {{{.number = 3}, "left", false}, {{.number = 3}, "entered", true}}};
  sent("not in any more", {.rooms = {"left"}, .except = {}});
  sent("in", {.rooms = {"entered"}, .except = {}});
  kept.went_away("p", who);
  EXPECT_THAT(missed(kept.comes_back("p", offset).value()), ElementsAre("left since", "in"));
  who.since = {.number = 2};
  kept.went_away("p", who);
  EXPECT_FALSE(kept.comes_back("p", offset)) << "which rooms it was in then is not known";
}

TEST_F(journal, refuses_where_it_does_not_reach_back_far_enough) {
  const auto offset = sent("seen");
  for (int i = 0; i < 5; ++i) sent("x");
  kept.went_away("p", {"id", {}, {}});
  EXPECT_TRUE(kept.comes_back("p", offset)) << "all behind it are there";
  sent("x");
  kept.went_away("p", {"id", {}, {}});
  EXPECT_FALSE(kept.comes_back("p", offset)) << "by number";
  const auto large = sent("seen");
  sent(std::string(30, 'x'));
  sent(std::string(30, 'x'));
  kept.went_away("p", {"id", {}, {}});
  EXPECT_FALSE(kept.comes_back("p", large)) << "by bytes";
  const auto old = sent("seen");
  kept.went_away("p", {"id", {}, {}});
  time.advance(121s);
  EXPECT_FALSE(kept.comes_back("p", old)) << "by time";
}

TEST_F(journal, counts_from_the_last_time_a_client_left) {
  const auto offset = sent("seen");
  kept.went_away("p", {"id", {}, {}});
  time.advance(1s);
  EXPECT_TRUE(kept.comes_back("p", offset));
  const auto later = [&] {
    time.advance(118s);
    return sent("seen");
  }();
  kept.went_away("p", {"id", {}, {}});
  time.advance(2s);
  EXPECT_TRUE(kept.comes_back("p", later)) << "away for two seconds";
}

TEST_F(journal, has_room_for_as_many_as_are_away) {
  const auto offset = sent("seen");
  kept.went_away("other", {"id", {}, {}});
  for (int i = 0; i < 5; ++i) {
    kept.went_away("comes and goes", {"id", {}, {}});
    EXPECT_TRUE(kept.comes_back("comes and goes", offset));
  }
  EXPECT_TRUE(kept.comes_back("other", offset));
  for (const auto* one : {"first", "second", "third"}) kept.went_away(one, {"id", {}, {}});
  EXPECT_FALSE(kept.comes_back("first", offset)) << "two may be away";
  EXPECT_TRUE(kept.comes_back("second", offset));
  EXPECT_TRUE(kept.comes_back("third", offset));
}

TEST_F(journal, refuses_what_nobody_gave_out_and_whom_nobody_knows) {
  const auto offset = sent("seen");
  for (const auto& wrong : {std::string{}, std::string{"1"}, offset + "0", offset + "x", "000000000000.1" + offset}) {
    kept.went_away("p", {"id", {}, {}});
    EXPECT_FALSE(kept.comes_back("p", wrong)) << wrong;
  }
  EXPECT_FALSE(kept.comes_back("unknown", offset));
  for (const char* name : {"a", "b", "c"}) kept.went_away(name, {name, {}, {}});
  EXPECT_FALSE(kept.comes_back("a", offset)) << "only so many are remembered";
  EXPECT_TRUE(kept.comes_back("c", offset));
}

}  // namespace
}  // namespace nxg::socketio
