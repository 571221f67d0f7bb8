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

#include <boost/describe/class.hpp>
#include <gmock/gmock.h>

namespace nxg {
namespace {

struct answer_text {
  std::string text;
};
BOOST_DESCRIBE_STRUCT(answer_text, (), (text))

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
    router.put("/private").allow(role::admin).handle(say("private"));
    router.post("/keyed").allow(role::member).idempotent().handle([this](http::new_ids ids) {
      ++runs;
      return answer_text{ids.next().to_string()};
    });
    router.seal();
  }

  http::response send(http::verb method, std::string path, std::string token = {}, std::string key = {},
                      std::string user_agent = {}) {
    http::request incoming;
    incoming.method = method;
    incoming.target = incoming.path = path;
    incoming.remote_address = "192.0.2.7";
    if (!token.empty()) incoming.headers.add("Authorization", "Bearer " + token);
    if (!key.empty()) incoming.headers.add("Idempotency-Key", key);
    if (!user_agent.empty()) incoming.headers.add("User-Agent", user_agent);
    router.match(incoming);
    return run(router.answer(incoming));
  }
  std::string token_for(role as) {
    return people->tokens()
        .issue({.id = uuid::derived_from("someone"), .role = as, .session = uuid::derived_from("s"), .scopes = {}},
               std::chrono::minutes{15}, time.now())
        .text;
  }

  bearer_authentication authentication{people->tokens(), people->attempts()};
  request_limits limits{shared->rate_limiter(), {.member = 20, .public_per_address = 10}};
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

TEST_F(requests, are_counted_by_account_and_without_one_by_address) {
  const auto token = token_for(role::member);
  for (int i = 0; i < 20; ++i) ASSERT_EQ(send(http::verb::get, "/own", token).status, 200) << i;
  const auto refused = send(http::verb::get, "/own", token);
  EXPECT_EQ(refused.status, 429);
  EXPECT_TRUE(refused.headers.contains("retry-after"));
  for (int i = 0; i < 10; ++i) ASSERT_EQ(send(http::verb::get, "/open").status, 200) << i;
  EXPECT_EQ(send(http::verb::get, "/open").status, 429);
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

TEST_F(requests, that_only_staff_may_make_leave_a_record) {
  EXPECT_EQ(send(http::verb::put, "/private", token_for(role::admin)).status, 200);
  audit_repository records{*database};
  const auto pseudonym = run(people->audit().pseudonym_of(uuid::derived_from("someone")));
  store::collection<audit_record> all{*database};
  const auto found = run(all.find_page(store::eq<&audit_record::event>(audit_event::privileged_request),
                                       store::sort<audit_record>().descending<&audit_record::at>(), 10));
  ASSERT_EQ(found.items.size(), 1U);
  EXPECT_EQ(found.items[0].actor, pseudonym);
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
  http::idempotency_store::claim claim{.principal = uuid::derived_from("p"),
                                       .operation = "op",
                                       .key = "k",
                                       .fingerprint = "f",
                                       .seed = uuid::derived_from("seed"),
                                       .now = time.now(),
                                       .claimed_until = time.now() + std::chrono::seconds{20},
                                       .expires = time.now() + std::chrono::hours{24}};
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
