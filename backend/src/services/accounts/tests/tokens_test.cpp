#include "services/accounts/tests/identity_fixture.hpp"

#include "utilities/encoding.hpp"
#include "utilities/jwt.hpp"

namespace nxg {
namespace {

using namespace std::chrono_literals;

class tokens : public identity_test {
 protected:
  std::string issue(role as = role::member, std::chrono::seconds life = 15min) {
    return people->tokens()
        .issue({.id = uuid::derived_from("someone"), .role = as, .session = session, .scopes = {branch}}, life,
               time.now())
        .text;
  }
  task<std::optional<key_service::signer>> find_branch_signer() {
    co_return co_await people->keys().branch_signer(branch);
  }
  key_service::signer branch_signer() { return run(find_branch_signer()).value(); }
  uuid session = uuid::derived_from("session");
  uuid branch = uuid::derived_from("branch");
};

TEST_F(tokens, say_who_somebody_is) {
  const auto issued_after = time.now();
  const auto who = run(people->tokens().verify(0, issue(role::machine, 1h)));
  EXPECT_EQ(who->id, uuid::derived_from("someone"));
  EXPECT_EQ(who->role, static_cast<unsigned>(role::machine));
  EXPECT_EQ(who->scopes, std::vector{branch});
  EXPECT_GT(who->expires_at, issued_after + 1h - 1s);
  EXPECT_LE(who->expires_at, time.now() + 1h);
}

TEST_F(tokens, may_be_signed_with_a_key_that_was_made_ahead) {
  runtime::temporary_folder empty{"ahead"};
  store::database its_database{store::sqlite_engine::open({.folder = empty.path(), .strict = true}), time, random};
  const auto process = second_process(its_database);
  process->keys().make_ahead();
  run(store::prepare(its_database));
  run(process->open());
  EXPECT_EQ(process->keys().published_keys().size(), 1U);
  const auto kid = process->keys().access_signer().kid;
  const auto token = process->tokens().issue({.id = uuid::derived_from("someone")}, 15min, time.now()).text;
  EXPECT_EQ(run(process->tokens().verify(0, token))->id, uuid::derived_from("someone"));
  // Where there is a key already, the one made ahead is made in vain.
  const auto again = second_process(its_database);
  again->keys().make_ahead();
  run(again->open());
  EXPECT_EQ(again->keys().access_signer().kid, kid);
}

TEST_F(tokens, are_remembered_until_they_expire) {
  const auto token = issue();
  EXPECT_EQ(people->tokens().recall(0, token), nullptr) << "never met";
  run(people->tokens().verify(0, token));
  EXPECT_NE(people->tokens().recall(0, token), nullptr);
  time.advance(15min);
  run(people->revocations().refresh());
  EXPECT_EQ(people->tokens().recall(0, token), nullptr);
  EXPECT_EQ(verdict(token), error_code::token_expired);
}

TEST_F(tokens, are_forgotten_when_revoked) {
  const auto token = issue();
  run(people->tokens().verify(0, token));
  run(people->revocations().revoke_session(session));
  EXPECT_EQ(people->tokens().recall(0, token), nullptr);
  EXPECT_EQ(verdict(token), error_code::token_revoked);
}

TEST_F(tokens, revoking_a_principal_spares_what_is_issued_later) {
  const auto before = issue();
  run(people->revocations().revoke_principal(uuid::derived_from("someone")));
  EXPECT_EQ(verdict(issue()), std::nullopt) << "at once";
  EXPECT_EQ(verdict(before), error_code::token_revoked);
}

TEST_F(tokens, a_revocation_reaches_other_processes_through_the_store) {
  auto engine = store::sqlite_engine::open({.folder = folder.path(), .strict = true});
  store::database its_database{engine, time, random};
  auto other = second_process(its_database);
  run(store::prepare(its_database));
  run(other->open());
  const auto token = issue();
  EXPECT_NE(run(other->tokens().verify(0, token)), nullptr);
  run(people->revocations().revoke_session(session));
  run(other->revocations().refresh());
  EXPECT_EQ(other->tokens().recall(0, token), nullptr);
  EXPECT_EQ(refusal(other->tokens().verify(0, token)), error_code::token_revoked);
}

TEST_F(tokens, listeners_hear_of_revocations_once) {
  int heard = 0;
  people->revocations().on_revoked([&](const revocation& made) { heard += made.subject == session ? 1 : 0; });
  run(people->revocations().revoke_session(session));
  run(people->revocations().refresh());
  EXPECT_EQ(heard, 1);
}

TEST_F(tokens, a_stale_list_is_read_again_before_anybody_is_refused) {
  const auto token = issue();
  time.advance(31s);
  EXPECT_FALSE(people->revocations().fresh());
  EXPECT_EQ(people->tokens().recall(0, token), nullptr);
  EXPECT_EQ(verdict(token), std::nullopt);
  EXPECT_TRUE(people->revocations().fresh());
}

TEST_F(tokens, keys_rotate_without_ending_a_token) {
  const auto old_token = issue();
  const auto old_kid = people->keys().access_signer().kid;
  run(people->keys().rotate(key_purpose::access_token));
  EXPECT_NE(people->keys().access_signer().kid, old_kid);
  EXPECT_EQ(verdict(old_token), std::nullopt);
  const auto new_token = issue();
  EXPECT_EQ(utilities::kid_of(new_token), people->keys().access_signer().kid);
  EXPECT_EQ(people->keys().published_keys().size(), 3U) << "retired, current, next";
  time.advance(2h + 1min);
  run(people->keys().maintain());
  EXPECT_EQ(people->keys().published_keys().size(), 2U) << "the retired one is gone";
}

TEST_F(tokens, keys_rotate_by_themselves_when_they_have_signed_long_enough) {
  run(people->keys().maintain());
  const auto old_kid = people->keys().access_signer().kid;
  const auto old_cursor_key = people->keys().cursor_keys().front();
  time.advance(90 * 24h - 1min);
  EXPECT_TRUE(run(people->keys().maintain()).empty());
  EXPECT_EQ(people->keys().access_signer().kid, old_kid);
  const auto old_token = issue();
  time.advance(1min);
  EXPECT_EQ(run(people->keys().maintain()).size(), 2U) << "of tokens and of cursors";
  EXPECT_NE(people->keys().access_signer().kid, old_kid);
  EXPECT_NE(people->keys().cursor_keys().front(), old_cursor_key);
  EXPECT_EQ(verdict(old_token), std::nullopt);
  time.advance(1min);
  EXPECT_TRUE(run(people->keys().maintain()).empty()) << "the new ones have just begun";
}

TEST_F(tokens, of_two_processes_that_find_a_key_due_one_rotates_it) {
  store::database its_database{store::sqlite_engine::open({.folder = folder.path(), .strict = true}), time, random};
  const auto other = second_process(its_database);
  run(store::prepare(its_database));
  run(other->open());
  run(people->keys().maintain());
  const auto next = people->keys().published_keys().back().kid;
  time.advance(90 * 24h);
  auto one = boost::asio::co_spawn(context, people->keys().maintain(), boost::asio::use_future);
  auto two = boost::asio::co_spawn(context, other->keys().maintain(), boost::asio::use_future);
  context.restart();
  context.run();
  one.get();
  two.get();
  run(people->keys().maintain());
  EXPECT_EQ(people->keys().access_signer().kid, next);
  EXPECT_EQ(other->keys().access_signer().kid, next);
  EXPECT_EQ(people->keys().published_keys().size(), 3U) << "retired, current, next";
}

TEST_F(tokens, a_gym_starts_however_often_its_keys_were_rotated) {
  for (int i = 0; i < 105; ++i) run(people->keys().rotate(key_purpose::cursor));
  const auto signs = people->keys().cursor_keys().front();
  reopen();
  EXPECT_EQ(people->keys().cursor_keys().front(), signs);
  EXPECT_EQ(people->keys().cursor_keys().size(), 107U);
}

TEST_F(tokens, another_process_learns_an_unknown_key_at_a_bounded_rate) {
  auto engine = store::sqlite_engine::open({.folder = folder.path(), .strict = true});
  store::database its_database{engine, time, random};
  auto other = second_process(its_database);
  run(store::prepare(its_database));
  run(other->open());
  run(people->keys().rotate(key_purpose::access_token));
  run(people->keys().rotate(key_purpose::access_token));
  const auto token = issue();
  EXPECT_EQ(refusal(other->tokens().verify(0, token)), std::nullopt);
  run(people->keys().rotate(key_purpose::access_token));
  run(people->keys().rotate(key_purpose::access_token));
  const auto newer = issue();
  EXPECT_EQ(refusal(other->tokens().verify(0, newer)), error_code::token_invalid) << "looked a moment ago";
  time.advance(5s);
  EXPECT_EQ(refusal(other->tokens().verify(0, newer)), std::nullopt);
}

TEST_F(tokens, processes_that_start_together_agree_on_one_key) {
  auto engine = store::sqlite_engine::open({.folder = folder.path(), .strict = true});
  store::database its_database{engine, time, random};
  auto other = second_process(its_database);
  run(store::prepare(its_database));
  run(other->open());
  EXPECT_EQ(other->keys().access_signer().kid, people->keys().access_signer().kid);
  EXPECT_EQ(other->keys().cursor_keys(), people->keys().cursor_keys());
}

TEST_F(tokens, another_master_key_is_told_apart_from_damage) {
  master = utilities::sealing_key::generate(random);
  EXPECT_THROW(reopen(), wrong_master_key);
}

TEST_F(tokens, a_branch_has_its_own_key) {
  const auto signer = branch_signer();
  const auto kid = uuid::parse(signer.kid);
  ASSERT_TRUE(kid);
  const auto verifier = run(people->keys().branch_verifier(branch, *kid));
  ASSERT_TRUE(verifier);
  EXPECT_TRUE(verifier->verifies("m", signer.key.sign("m")));
  EXPECT_FALSE(run(people->keys().branch_verifier(uuid::derived_from("other"), *kid)));
  run(people->keys().rotate(key_purpose::branch_code, branch));
  EXPECT_NE(branch_signer().kid, signer.kid);
  EXPECT_TRUE(run(people->keys().branch_verifier(branch, *kid))) << "retired, but still good for what was shown";
}

TEST_F(tokens, the_key_of_a_branch_rotates_when_it_has_signed_long_enough) {
  store::database its_database{store::sqlite_engine::open({.folder = folder.path(), .strict = true}), time, random};
  const auto other = second_process(its_database);
  run(store::prepare(its_database));
  run(other->open());
  const auto before = branch_signer();
  EXPECT_TRUE(run(other->keys().branch_verifier(branch, *uuid::parse(before.kid))));
  time.advance(89 * 24h);
  EXPECT_EQ(branch_signer().kid, before.kid);
  time.advance(24h);
  const auto after = branch_signer();
  EXPECT_NE(after.kid, before.kid);
  EXPECT_EQ(branch_signer().kid, after.kid);
  const auto verifier = run(other->keys().branch_verifier(branch, *uuid::parse(after.kid)));
  ASSERT_TRUE(verifier) << "a process that only reads codes has heard of it";
  EXPECT_TRUE(verifier->verifies("m", after.key.sign("m")));
}

}  // namespace
}  // namespace nxg
