#include "services/accounts/tests/identity_fixture.hpp"

#include <algorithm>

namespace nxg {
namespace {

using namespace std::chrono_literals;

class sessions : public identity_test {
 protected:
  task<token_pair> refresh(std::string token) { return people->sessions().refresh(std::move(token), origin); }
};

TEST_F(sessions, a_refresh_token_is_used_once) {
  const auto first = make_member("kim_lee").tokens;
  const auto second = run(refresh(first.refresh_token));
  EXPECT_NE(second.refresh_token, first.refresh_token);
  EXPECT_EQ(verdict(second.access_token), std::nullopt);
  EXPECT_EQ(verdict(first.access_token), std::nullopt) << "a refresh ends no access token";
  time.advance(31s);
  EXPECT_EQ(refusal(refresh(first.refresh_token)), error_code::refresh_token_reused);
  EXPECT_EQ(refusal(refresh(second.refresh_token)), error_code::refresh_token_invalid) << "the session was ended";
  EXPECT_EQ(verdict(second.access_token), error_code::token_revoked);
}

TEST_F(sessions, a_lost_answer_may_be_asked_for_again) {
  const auto first = make_member("kim_lee").tokens;
  run(refresh(first.refresh_token));
  time.advance(25s);
  const auto again = run(refresh(first.refresh_token));
  const auto next = run(refresh(again.refresh_token));
  EXPECT_EQ(verdict(next.access_token), std::nullopt);
  EXPECT_EQ(refusal(refresh(first.refresh_token)), error_code::refresh_token_reused) << "its successor was used";
}

TEST_F(sessions, of_two_successors_only_one_goes_on) {
  const auto first = make_member("kim_lee").tokens;
  const auto lost = run(refresh(first.refresh_token));
  const auto kept = run(refresh(first.refresh_token));
  run(refresh(kept.refresh_token));
  EXPECT_EQ(refusal(refresh(lost.refresh_token)), error_code::refresh_token_reused);
}

TEST_F(sessions, two_refreshes_at_once_both_go_on) {
  const auto first = make_member("kim_lee").tokens;
  auto one = boost::asio::co_spawn(context, refresh(first.refresh_token), boost::asio::use_future);
  auto other = boost::asio::co_spawn(context, refresh(first.refresh_token), boost::asio::use_future);
  context.restart();
  context.run();
  const auto a = one.get();
  const auto b = other.get();
  EXPECT_NE(a.refresh_token, b.refresh_token);
  EXPECT_EQ(refusal(refresh(b.refresh_token)), std::nullopt);
}

TEST_F(sessions, a_lost_answer_may_be_asked_for_as_often_as_it_takes) {
  const auto first = make_member("kim_lee").tokens;
  std::vector<token_pair> answers;
  for (int i = 0; i < 10; ++i) answers.push_back(run(refresh(first.refresh_token)));
  EXPECT_EQ(refusal(refresh(answers.front().refresh_token)), std::nullopt) << "each of them may go on";
  EXPECT_EQ(refusal(refresh(answers.back().refresh_token)), error_code::refresh_token_reused) << "but only one does";
}

TEST_F(sessions, a_copied_token_is_known_however_often_the_thief_has_gone_on) {
  const auto copied = make_member("kim_lee").tokens;
  auto of_thief = copied;
  for (int turns = 0; turns < 100; ++turns) {
    time.advance(1min);
    of_thief = run(refresh(of_thief.refresh_token));
  }
  EXPECT_EQ(refusal(refresh(copied.refresh_token)), error_code::refresh_token_reused);
  EXPECT_EQ(verdict(of_thief.access_token), error_code::token_revoked);
  EXPECT_EQ(refusal(refresh(of_thief.refresh_token)), error_code::refresh_token_invalid);
}

TEST_F(sessions, are_not_ended_by_who_knows_their_id_only) {
  const auto mine = make_member("kim_lee").tokens;
  const auto theirs = make_member("stranger").tokens;
  const auto made_up = caller_of(mine).session.to_string() + theirs.refresh_token.substr(36);
  EXPECT_EQ(refusal(refresh(made_up)), error_code::refresh_token_invalid);
  EXPECT_EQ(verdict(mine.access_token), std::nullopt);
  EXPECT_EQ(refusal(refresh(mine.refresh_token)), std::nullopt);
}

TEST_F(sessions, are_not_locked_out_by_who_knows_their_id_only) {
  const auto mine = make_member("kim_lee").tokens;
  const auto made_up = caller_of(mine).session.to_string() + make_member("stranger").tokens.refresh_token.substr(36);
  for (int i = 0; i < 40; ++i) EXPECT_EQ(refusal(refresh(made_up)), error_code::refresh_token_invalid);
  auto tokens = mine;
  for (int i = 0; i < 30; ++i) tokens = run(refresh(tokens.refresh_token));
  EXPECT_EQ(refusal(refresh(tokens.refresh_token)), error_code::rate_limited);
}

TEST_F(sessions, ten_refreshes_at_once_all_go_on) {
  const auto first = make_member("kim_lee").tokens;
  std::vector<std::future<token_pair>> asked;
  for (int i = 0; i < 10; ++i) {
    asked.push_back(boost::asio::co_spawn(context, refresh(first.refresh_token), boost::asio::use_future));
  }
  context.restart();
  context.run();
  for (auto& one : asked) EXPECT_EQ(verdict(one.get().access_token), std::nullopt);
  EXPECT_EQ(refusal(refresh(run(refresh(first.refresh_token)).refresh_token)), std::nullopt);
}

TEST_F(sessions, end_after_seven_days_without_use_and_after_ninety_in_any_case) {
  auto idle = make_member("kim_lee").tokens;
  auto busy_one = run(log_in("kim_lee")).tokens;
  for (int day = 0; day < 90; day += 6) {
    time.advance(24h * 6);
    if (day < 84) busy_one = run(refresh(busy_one.refresh_token));
  }
  EXPECT_EQ(refusal(refresh(idle.refresh_token)), error_code::refresh_token_invalid);
  EXPECT_EQ(refusal(refresh(busy_one.refresh_token)), error_code::refresh_token_invalid);
}

TEST_F(sessions, bring_the_new_role_at_once) {
  const auto member = make_member("kim_lee");
  const caller admin{.id = uuid::derived_from("admin"), .role = role::admin};
  for (int i = 0; i < 20; ++i) {
    role_change change{.role = i % 2 == 0 ? staff_role::trainer : staff_role::member, .branches = {}};
    run(people->accounts().set_role(admin, member.user.id, change, origin));
    EXPECT_EQ(verdict(member.tokens.access_token), error_code::token_revoked);
    const auto logged_in = run(log_in("kim_lee"));
    EXPECT_EQ(caller_of(logged_in.tokens).role, i % 2 == 0 ? role::trainer : role::member);
    const auto refreshed = run(refresh(logged_in.tokens.refresh_token));
    EXPECT_EQ(verdict(refreshed.access_token), std::nullopt);
  }
}

TEST_F(sessions, have_the_role_of_now_and_are_refused_to_the_suspended_whenever_the_account_was_read) {
  const auto member = make_member("kim_lee");
  const caller admin{.id = uuid::derived_from("admin"), .role = role::admin};
  role_change change{.role = staff_role::trainer, .branches = {}};
  run(people->accounts().set_role(admin, member.user.id, change, origin));
  const auto late = run(people->sessions().open(member.user.id, origin));
  EXPECT_EQ(verdict(late.access_token), std::nullopt);
  EXPECT_EQ(caller_of(late).role, role::trainer);
  run(people->accounts().set_active(admin, member.user.id, {.is_active = false, .reason = {}}, origin));
  EXPECT_EQ(refusal(people->sessions().open(member.user.id, origin)), error_code::credentials_invalid);
  EXPECT_TRUE(run(people->sessions().list({.id = member.user.id})).empty());
}

TEST_F(sessions, garbage_ends_nothing) {
  const auto tokens = make_member("kim_lee").tokens;
  const auto id = caller_of(tokens).session.to_string();
  for (const auto& text :
       {std::string{}, std::string{"x"}, id, id + ".", id + "." + std::string(43, 'A'),
        uuid::derived_from("none").to_string() + "." + std::string(43, 'A'), tokens.refresh_token + "A"}) {
    EXPECT_EQ(refusal(refresh(text)), error_code::refresh_token_invalid) << text;
  }
  EXPECT_EQ(refusal(refresh(tokens.refresh_token)), std::nullopt);
}

TEST_F(sessions, logout_ends_both_tokens) {
  const auto tokens = make_member("kim_lee").tokens;
  const auto other = run(log_in("kim_lee")).tokens;
  run(people->sessions().logout(caller_of(tokens), {}, origin));
  EXPECT_EQ(verdict(tokens.access_token), error_code::token_revoked);
  EXPECT_EQ(refusal(refresh(tokens.refresh_token)), error_code::refresh_token_invalid);
  EXPECT_EQ(verdict(other.access_token), std::nullopt);
}

TEST_F(sessions, are_listed_and_ended_by_their_owner_only) {
  const auto tokens = make_member("kim_lee").tokens;
  const auto other = run(log_in("kim_lee")).tokens;
  const auto stranger = make_member("stranger").tokens;
  const auto who = caller_of(tokens);
  const auto listed = run(people->sessions().list(who));
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(std::ranges::count(listed, true, &session_view::current), 1);
  const auto theirs = caller_of(other).session;
  EXPECT_EQ(refusal(people->sessions().end(caller_of(stranger), theirs, origin)), error_code::session_not_found);
  EXPECT_EQ(verdict(other.access_token), std::nullopt);
  run(people->sessions().end(who, theirs, origin));
  EXPECT_EQ(verdict(other.access_token), error_code::token_revoked);
  EXPECT_EQ(refusal(people->sessions().end(who, theirs, origin)), error_code::session_not_found);
  EXPECT_EQ(run(people->sessions().list(who)).size(), 1U);
}

TEST_F(sessions, logout_all_ends_every_one_and_lets_a_new_one_begin) {
  const auto tokens = make_member("kim_lee").tokens;
  const auto other = run(log_in("kim_lee")).tokens;
  run(people->sessions().logout_all(caller_of(tokens), origin));
  EXPECT_EQ(verdict(tokens.access_token), error_code::token_revoked);
  EXPECT_EQ(verdict(other.access_token), error_code::token_revoked);
  EXPECT_EQ(verdict(run(log_in("kim_lee")).tokens.access_token), std::nullopt) << "within the same second";
}

TEST_F(sessions, end_after_all_tokens_did_by_one_record) {
  const auto member = make_member("kim_lee");
  run(log_in("kim_lee"));
  std::vector<revoked_thing> heard;
  people->revocations().on_revoked([&](const revocation& made) { heard.push_back(made.what); });
  const caller admin{.id = uuid::derived_from("admin"), .role = role::admin};
  role_change change{.role = staff_role::trainer, .branches = {}};
  run(people->accounts().set_role(admin, member.user.id, change, origin));
  ASSERT_EQ(heard.size(), 3U);
  EXPECT_EQ(heard.front(), revoked_thing::principal);
  const auto late = run(log_in("kim_lee")).tokens;
  heard.clear();
  run(people->sessions().logout_all(caller_of(late), origin));
  ASSERT_FALSE(heard.empty());
  EXPECT_EQ(heard.front(), revoked_thing::principal);
}

TEST_F(sessions, of_one_account_are_at_most_fifty_and_the_oldest_ends_first) {
  const auto oldest = make_member("kim_lee").tokens;
  const auto account = caller_of(oldest).id;
  const auto open = [&] {
    time.advance(1ms);
    return run(people->sessions().open(account, origin));
  };
  const auto second = open();
  for (int i = 2; i < 50; ++i) open();
  EXPECT_EQ(verdict(oldest.access_token), std::nullopt);
  const auto newest = open();
  EXPECT_EQ(verdict(oldest.access_token), error_code::token_revoked);
  EXPECT_EQ(refusal(refresh(oldest.refresh_token)), error_code::refresh_token_invalid);
  EXPECT_EQ(verdict(second.access_token), std::nullopt);
  EXPECT_EQ(verdict(newest.access_token), std::nullopt);
  EXPECT_EQ(run(people->sessions().list(caller_of(newest))).size(), 50U);
}

TEST_F(sessions, survive_a_restart) {
  const auto tokens = make_member("kim_lee").tokens;
  reopen();
  EXPECT_EQ(verdict(tokens.access_token), std::nullopt);
  EXPECT_EQ(refusal(refresh(tokens.refresh_token)), std::nullopt);
}

}  // namespace
}  // namespace nxg
