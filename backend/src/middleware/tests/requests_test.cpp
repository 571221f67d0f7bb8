#include "middleware/arguments.hpp"
#include "middleware/audit_privileged.hpp"
#include "middleware/authentication.hpp"
#include "middleware/keyed_operations.hpp"
#include "middleware/request_limits.hpp"
#include "middleware/translate.hpp"

#include "http/chain.hpp"
#include "http/route.hpp"
#include "http/router.hpp"
#include "services/accounts/tests/identity_fixture.hpp"

#include "runtime/timer.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/describe/class.hpp>
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace nxg {
namespace {

struct answer_text {
  std::string text;
};
BOOST_DESCRIBE_STRUCT(answer_text, (), (text))

struct thing_path {
  uuid branch_id;
  uuid thing_id;
  uuid user_id;
};
BOOST_DESCRIBE_STRUCT(thing_path, (), (branch_id, thing_id, user_id))

/// Requests through the chain as the application puts it together, without sockets.
class requests : public identity_test {
 protected:
  requests() {
    // The collection of keyed operations came after the others.
    run(store::prepare(*database));
    http::chain_options options{.time = time,
                                .random = random,
                                .on_answer = {},
                                .translate = translate,
                                .on_failure = {},
                                .on_undeclared = {},
                                .cors = {},
                                .security = {}};
    options.authentication = &authentication;
    options.limits = &limits;
    options.keyed_operations = &keyed;
    router.use(http::standard_chain(std::move(options)));
    router.use(audit_privileged(people->audit()));
    const auto say = [](std::string text) { return [text] { return answer_text{text}; }; };
    router.get("/open").open().handle(say("open"));
    router.get("/own").allow(role::member).handle(say("own"));
    router.put("/private").operation_id("putPrivate").allow(role::admin).handle(say("private"));
    router.put("/branches/{branchId}/things/{thingId}/of/{userId}")
        .operation_id("putThing")
        .allow(role::admin)
        .errors(error_code::branch_not_found)
        .handle([](http::path<thing_path>) -> answer_text {
          throw api_error{error_code::branch_not_found, "There is no such branch."};
        });
    router.put("/slow").operation_id("putSlow").allow(role::admin).handle([this]() -> task<answer_text> {
      co_await runtime::sleep_for(time, std::chrono::hours{1});
      co_return answer_text{"slow"};
    });
    router.post("/keyed").allow(role::member).idempotent().handle([this](http::new_ids ids) {
      ++runs;
      return answer_text{ids.next().to_string()};
    });
    router.seal();
  }

  http::response send(http::verb method, std::string path, std::string token = {}, std::string key = {},
                      std::string user_agent = {}, std::string address = "192.0.2.7") {
    http::request incoming;
    incoming.method = method;
    incoming.target = incoming.path = path;
    incoming.remote_address = std::move(address);
    if (!token.empty()) incoming.headers.add("Authorization", "Bearer " + token);
    if (!key.empty()) incoming.headers.add("Idempotency-Key", key);
    if (!user_agent.empty()) incoming.headers.add("User-Agent", user_agent);
    router.match(incoming);
    return run(router.answer(incoming));
  }
  http::idempotency_store::claim claimed_by(const uuid& principal) {
    return {.principal = principal,
            .operation = "op",
            .key = "k",
            .fingerprint = "f",
            .seed = uuid::derived_from("seed"),
            .now = time.now(),
            .claimed_until = time.now() + std::chrono::seconds{20},
            .expires = time.now() + std::chrono::hours{24}};
  }
  bool is_on_disk(std::string_view text) {
    for (const auto& file : std::filesystem::directory_iterator{folder.path()}) {
      std::ifstream in{file.path(), std::ios::binary};
      const std::string all{std::istreambuf_iterator<char>{in}, {}};
      if (all.find(text) != std::string::npos) return true;
    }
    return false;
  }
  std::string token_for(role as) {
    return people->tokens()
        .issue({.id = uuid::derived_from("someone"), .role = as, .session = uuid::derived_from("s"), .scopes = {}},
               std::chrono::minutes{15}, time.now())
        .text;
  }

  bearer_authentication authentication{people->tokens(), people->attempts()};
  request_limits limits{shared->rate_limiter(), authentication, {.member = 20, .public_per_address = 10}};
  keyed_operations keyed{keyed_operation_repository{*database}};
  http::router router;
  int runs = 0;
};

TEST_F(requests, pass_with_a_good_token_and_the_right_role) {
  EXPECT_EQ(send(http::verb::get, "/own", token_for(role::member)).status, 200);
  EXPECT_EQ(send(http::verb::get, "/own").status, 401);
  EXPECT_EQ(send(http::verb::get, "/own", "nonsense").status, 401);
  EXPECT_EQ(send(http::verb::get, "/own", token_for(role::machine)).status, 403);
  EXPECT_EQ(send(http::verb::get, "/open").status, 200);
}

TEST_F(requests, with_credentials_of_another_kind_are_told_what_is_expected) {
  for (const auto* credentials : {"Basic a2ltOnNlY3JldA==", "Bearer", "opensesame"}) {
    http::request incoming;
    incoming.method = http::verb::get;
    incoming.target = incoming.path = "/own";
    incoming.headers.add("Authorization", credentials);
    router.match(incoming);
    const auto refused = run(router.answer(incoming));
    EXPECT_EQ(refused.status, 401);
    EXPECT_EQ(refused.code, "unauthenticated") << credentials;
    EXPECT_EQ(refused.headers.find("www-authenticate"), "Bearer");
    EXPECT_THAT(std::string{refused.content()}, testing::HasSubstr("Authorization: Bearer TOKEN"));
  }
}

TEST_F(requests, are_counted_by_account_and_without_one_by_address) {
  const auto token = token_for(role::member);
  for (int i = 0; i < 20; ++i) ASSERT_EQ(send(http::verb::get, "/own", token).status, 200) << i;
  const auto refused = send(http::verb::get, "/own", token);
  EXPECT_EQ(refused.status, 429);
  EXPECT_TRUE(refused.headers.contains("retry-after"));
  for (int i = 0; i < 10; ++i) ASSERT_EQ(send(http::verb::get, "/open").status, 200) << i;
  EXPECT_EQ(send(http::verb::get, "/open").status, 429);
}

TEST_F(requests, with_a_token_count_by_it_also_where_none_is_needed) {
  const auto token = token_for(role::member);
  EXPECT_EQ(send(http::verb::get, "/own", token).status, 200);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(send(http::verb::get, "/open").status, 200) << i;
  EXPECT_EQ(send(http::verb::get, "/open").status, 429);
  EXPECT_EQ(send(http::verb::get, "/open", "nonsense").status, 429);
  for (int i = 1; i < 20; ++i) EXPECT_EQ(send(http::verb::get, "/open", token).status, 200) << i;
  EXPECT_EQ(send(http::verb::get, "/open", token).status, 429);
}

TEST_F(requests, of_one_ipv6_home_count_together) {
  const auto ask = [&](std::string address) {
    return send(http::verb::get, "/open", {}, {}, {}, std::move(address)).status;
  };
  for (int i = 0; i < 10; ++i) ASSERT_EQ(ask("2001:db8:1:2::" + std::to_string(i)), 200) << i;
  EXPECT_EQ(ask("2001:db8:1:2::abcd"), 429);
  EXPECT_EQ(ask("2001:db8:1:3::abcd"), 200);
}

TEST_F(requests, an_address_that_tries_token_after_token_is_held_up) {
  int refused = 0;
  for (int i = 0; i < 120; ++i) refused += send(http::verb::get, "/own", "nonsense").status == 429 ? 1 : 0;
  EXPECT_EQ(refused, 20);
  EXPECT_EQ(send(http::verb::get, "/own", token_for(role::member)).status, 200)
      << "but never who comes with a good one";
}

TEST_F(requests, of_one_key_run_once) {
  const auto token = token_for(role::member);
  const auto first = send(http::verb::post, "/keyed", token, "k1");
  ASSERT_EQ(first.status, 200);
  const auto again = send(http::verb::post, "/keyed", token, "k1");
  EXPECT_EQ(std::string{again.content()}, std::string{first.content()});
  EXPECT_EQ(again.headers.find("idempotent-replayed"), "true");
  EXPECT_EQ(send(http::verb::post, "/keyed", token, "k2").status, 200);
  EXPECT_EQ(runs, 2);
}

TEST_F(requests, of_one_key_keep_their_answer_sealed_for_members_and_devices) {
  store::collection<keyed_operation> operations{*database};
  const auto member = uuid::derived_from("a member");
  run(people->keys().make_data_key(member));
  for (const auto& principal : {member, uuid::derived_from("a machine")}) {
    const auto claim = claimed_by(principal);
    run(keyed.begin(claim));
    run(keyed.finish(claim, {.status = 200, .content_type = "", .location = "", .etag = "", .body = "145 bpm"}));
    EXPECT_EQ(run(keyed.begin(claim)).answer.body, "145 bpm");
    EXPECT_FALSE(is_on_disk("145 bpm"));
  }
  const auto kept = run(operations.find_page({}, store::sort<keyed_operation>(), 10));
  EXPECT_EQ(kept.items.size(), 2U);
  for (const auto& one : kept.items) EXPECT_TRUE(one.sealed_answer && !one.answer);
}

TEST_F(requests, of_one_key_answered_before_answers_were_sealed_are_answered_again) {
  const auto claim = claimed_by(uuid::derived_from("p"));
  run(keyed.begin(claim));
  store::collection<keyed_operation> operations{*database};
  const kept_answer plain{.status = 201, .body = "{}"};
  run(operations.update(store::filter<keyed_operation>{},
                        store::change<keyed_operation>().set<&keyed_operation::answer>(plain)));
  time.advance(std::chrono::seconds{21});
  const auto again = run(keyed.begin(claim));
  EXPECT_EQ(again.found, http::idempotency_store::record::outcome::finished);
  EXPECT_EQ(again.answer.status, 201);
}

TEST_F(requests, of_one_key_are_ended_only_by_who_still_holds_them) {
  using outcome = http::idempotency_store::record::outcome;
  const auto first = claimed_by(uuid::derived_from("p"));
  run(keyed.begin(first));
  time.advance(std::chrono::minutes{1});
  // It took so long that another one does it; then it fails after all.
  const auto second = claimed_by(uuid::derived_from("p"));
  ASSERT_EQ(run(keyed.begin(second)).found, outcome::resumed);
  run(keyed.release(first));
  EXPECT_EQ(run(keyed.begin(claimed_by(uuid::derived_from("p")))).found, outcome::in_progress);
  run(keyed.forget(first));
  run(keyed.finish(second, {.status = 201, .preference_applied = "respond-async", .body = "{}"}));
  const auto later = run(keyed.begin(claimed_by(uuid::derived_from("p"))));
  EXPECT_EQ(later.found, outcome::finished);
  EXPECT_EQ(later.seed, first.seed);
  EXPECT_EQ(later.answer.preference_applied, "respond-async");
}

TEST_F(requests, that_only_staff_may_make_leave_a_record) {
  EXPECT_EQ(send(http::verb::put, "/private", token_for(role::admin)).status, 200);
  audit_repository records{*database};
  const auto pseudonym = run(people->audit().pseudonym_of(uuid::derived_from("someone")));
  store::collection<audit_record> all{*database};
  const auto found = run(all.find_page(store::eq<&audit_record::event>(audit_event::privileged_request),
                                       store::sort<audit_record>().descending<&audit_record::at>(), 10));
  ASSERT_EQ(found.items.size(), 1U);
  EXPECT_EQ(found.items[0].actor, pseudonym);
  EXPECT_EQ(found.items[0].detail, "putPrivate");
}

TEST_F(requests, leave_a_record_that_names_what_they_were_about) {
  const auto id = [](std::string_view of) { return uuid::derived_from(std::string{of}).to_string(); };
  const auto path = "/branches/" + id("b") + "/things/" + id("t") + "/of/" + id("u");
  EXPECT_EQ(send(http::verb::put, path, token_for(role::admin)).status, 404);
  store::collection<audit_record> all{*database};
  const auto found = run(all.find_one(store::eq<&audit_record::event>(audit_event::privileged_request)));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->detail, "putThing thingId=" + id("t") + " branch_not_found");
  EXPECT_EQ(found->branch_id, uuid::derived_from("b"));
  EXPECT_EQ(found->subject, run(people->audit().pseudonym_of(uuid::derived_from("u"))));
}

TEST_F(requests, leave_a_record_also_when_they_were_cut_short) {
  http::request incoming;
  incoming.method = http::verb::put;
  incoming.target = incoming.path = "/slow";
  incoming.headers.add("Authorization", "Bearer " + token_for(role::admin));
  router.match(incoming);
  boost::asio::cancellation_signal cut;
  auto answer = boost::asio::co_spawn(context, router.answer(incoming),
                                      boost::asio::bind_cancellation_slot(cut.slot(), boost::asio::use_future));
  context.restart();
  context.poll();
  cut.emit(boost::asio::cancellation_type::terminal);
  context.run();
  answer.get();
  store::collection<audit_record> all{*database};
  const auto found = run(all.find_one(store::eq<&audit_record::event>(audit_event::privileged_request)));
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->success);
  EXPECT_EQ(found->detail, "putSlow internal_error");
}

TEST_F(requests, leave_a_record_whatever_their_user_agent_is) {
  const auto admin = token_for(role::admin);
  EXPECT_EQ(send(http::verb::put, "/private", admin, {}, "caf\xe9").status, 200);
  time.advance(std::chrono::milliseconds{1});
  EXPECT_EQ(send(http::verb::put, "/private", admin, {}, std::string(199, 'a') + "\u00e9").status, 200);
  store::collection<audit_record> all{*database};
  const auto found = run(all.find_page(store::eq<&audit_record::event>(audit_event::privileged_request),
                                       store::sort<audit_record>().descending<&audit_record::at>(), 10));
  ASSERT_EQ(found.items.size(), 2U);
  EXPECT_EQ(found.items[1].user_agent, "caf\ufffd");
  EXPECT_EQ(found.items[0].user_agent, std::string(199, 'a'));
}

TEST(kept_text, is_what_was_sent_as_far_as_it_can_be_kept) {
  EXPECT_EQ(kept_text("Mozilla/5.0 (na\u00efve)", 200), "Mozilla/5.0 (na\u00efve)");
  EXPECT_EQ(kept_text("a\tb\x7f\xc2\x85z", 200), "a?b??z");
  EXPECT_EQ(kept_text("ab\xe2\x82\xac", 5), "ab\u20ac");
  EXPECT_EQ(kept_text("ab\xe2\x82\xac", 4), "ab");
  EXPECT_EQ(kept_text("abc\xff", 5), "abc") << "what stands in place of an octet is longer";
  EXPECT_EQ(kept_text("abc\xe2\x82\xac", 3), "abc");
  EXPECT_EQ(kept_text(std::string(1'000, '\xff'), 200).size(), 198U);
  EXPECT_EQ(kept_text("", 200), "");
}

TEST_F(requests, an_interrupted_first_try_is_taken_over_with_its_ids) {
  const auto claim = claimed_by(uuid::derived_from("p"));
  using outcome = http::idempotency_store::record::outcome;
  EXPECT_EQ(run(keyed.begin(claim)).found, outcome::begun);
  EXPECT_EQ(run(keyed.begin(claim)).found, outcome::in_progress);
  time.advance(std::chrono::seconds{21});
  auto later = claim;
  later.now = time.now();
  later.claimed_until = time.now() + std::chrono::seconds{20};
  later.seed = uuid::derived_from("another seed");
  const auto resumed = run(keyed.begin(later));
  EXPECT_EQ(resumed.found, outcome::resumed);
  EXPECT_EQ(resumed.seed, claim.seed);
  run(keyed.finish(later,
                   {.status = 201, .content_type = "application/json", .location = "/x", .etag = "", .body = "{}"}));
  const auto finished = run(keyed.begin(later));
  EXPECT_EQ(finished.found, outcome::finished);
  EXPECT_EQ(finished.answer.status, 201);
  auto other = later;
  other.fingerprint = "g";
  EXPECT_EQ(run(keyed.begin(other)).fingerprint, "f");
}

}  // namespace
}  // namespace nxg
