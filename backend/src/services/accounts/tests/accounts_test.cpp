#include "services/accounts/tests/identity_fixture.hpp"

#include "schema/json.hpp"
#include "utilities/names.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

namespace nxg {
namespace {

using namespace std::chrono_literals;

class accounts : public identity_test {};

profile_update update_of(std::string_view json) { return schema::from_json<profile_update>(json); }

consent_decision decision(bool granted, std::string version = "1") {
  consent_decision made;
  made.version = version;
  made.granted = granted;
  return made;
}

TEST_F(accounts, begin_as_members_and_can_log_in) {
  const auto made = make_member("kim_lee");
  EXPECT_EQ(made.user.role, role::member);
  EXPECT_EQ(made.user.email, "kim_lee@example.org");
  EXPECT_FALSE(made.user.email_verified);
  const auto who = caller_of(made.tokens);
  EXPECT_EQ(who.id, made.user.id);
  EXPECT_EQ(who.role, role::member);
  const auto asked_at = time.now();
  const auto again = run(log_in("kim_lee"));
  const auto answered_at = time.now();
  EXPECT_EQ(again.user.id, made.user.id);
  EXPECT_NE(again.tokens.refresh_token, made.tokens.refresh_token);
  // A token's times are whole seconds, rounded down (RFC 7519, NumericDate).
  EXPECT_GT(again.tokens.access_token_expires_at, asked_at + 15min - 1s);
  EXPECT_LE(again.tokens.access_token_expires_at, answered_at + 15min);
  EXPECT_GE(again.tokens.refresh_token_expires_at, asked_at + 7 * 24h);
  EXPECT_LE(again.tokens.refresh_token_expires_at, answered_at + 7 * 24h);
}

TEST_F(accounts, are_unique_without_regard_to_case) {
  make_member("kim_lee");
  auto same_name = form("other");
  same_name.username = std::string{"KIM_Lee"};
  EXPECT_EQ(refusal(people->accounts().register_member(same_name, origin)), error_code::username_taken);
  auto same_address = form("other");
  same_address.email = std::string{"KIM_LEE@Example.org"};
  EXPECT_EQ(refusal(people->accounts().register_member(same_address, origin)), error_code::email_taken);
  EXPECT_EQ(refusal(people->accounts().register_member(form("other"), origin)), std::nullopt);
}

TEST(registration_form, names_every_problem) {
  const auto wrong = schema::try_from_json<registration>(
      R"({"username":"a!","email":"x","password":"p","confirmPassword":"q","name":"R2D2","role":"admin"})");
  ASSERT_FALSE(wrong);
  std::vector<std::string> pointers;
  for (const auto& one : wrong.error()) pointers.push_back(one.pointer);
  EXPECT_THAT(pointers,
              testing::UnorderedElementsAre("/username", "/email", "/password", "/confirmPassword", "/name", "/role"));
  const auto weak = schema::try_from_json<registration>(
      R"({"username":"kim_lee","email":"kim@example.org","password":"kim_lee_2024","confirmPassword":"other","name":"Kim"})");
  ASSERT_FALSE(weak);
  EXPECT_EQ(weak.error().size(), 2U);
}

TEST_F(accounts, say_the_same_to_everybody_who_may_not_log_in) {
  const auto made = make_member("kim_lee");
  make_member("suspended");
  EXPECT_EQ(refusal(log_in("kim_lee", "the wrong password")), error_code::credentials_invalid);
  EXPECT_EQ(refusal(log_in("nobody", "the wrong password")), error_code::credentials_invalid);
  const auto admin_id = run(people->accounts().create_admin("boss@example.org", "seven green bicycles"));
  const auto suspended = run(log_in("suspended"));
  run(people->accounts().set_active({.id = admin_id, .role = role::admin}, suspended.user.id,
                                    {.is_active = false, .reason = {}}, origin));
  EXPECT_EQ(refusal(log_in("suspended")), error_code::credentials_invalid);
}

TEST_F(accounts, guessing_is_held_up_but_locks_nobody_out) {
  make_member("kim_lee");
  const std::string attacker = "203.0.113.9";
  for (int i = 0; i < 5; ++i) EXPECT_EQ(refusal(log_in("kim_lee", "wrong", attacker)), error_code::credentials_invalid);
  EXPECT_EQ(refusal(log_in("kim_lee", "seven green bicycles", attacker)), error_code::rate_limited);
  for (int i = 0; i < 40; ++i) {
    const auto refused = refusal(log_in("kim_lee", "wrong", "203.0.113." + std::to_string(20 + i)));
    EXPECT_EQ(refused, i < 15 ? error_code::credentials_invalid : error_code::rate_limited) << i;
  }
  EXPECT_EQ(refusal(log_in("kim_lee")), std::nullopt) << "from the owner's own address";
  EXPECT_EQ(refusal(log_in("kim_lee", "wrong", "203.0.113.99")), error_code::rate_limited);
  time.advance(15min + 1s);
  EXPECT_EQ(refusal(log_in("kim_lee", "seven green bicycles", attacker)), std::nullopt);
}

TEST_F(accounts, guesses_at_once_are_no_more_than_one_after_another) {
  auto& attempts = people->attempts();
  const std::string attacker = "203.0.113.9";
  for (int i = 0; i < 98; ++i) run(attempts.failed(attacker));
  auto first = run(attempts.before_login("one@example.org", attacker, false));
  const auto second = run(attempts.before_login("two@example.org", attacker, false));
  EXPECT_EQ(refusal(log_in("kim_lee", "wrong", attacker)), error_code::rate_limited) << "both may fail yet";
  EXPECT_EQ(refusal(log_in("kim_lee", "wrong", "203.0.113.10")), error_code::credentials_invalid);
  first = {};
  EXPECT_EQ(refusal(log_in("kim_lee", "wrong", attacker)), error_code::credentials_invalid);
  EXPECT_EQ(refusal(log_in("kim_lee", "wrong", attacker)), error_code::rate_limited);
}

TEST_F(accounts, guessing_counts_all_of_an_ipv6_home_together) {
  make_member("kim_lee");
  const std::string home = "2001:db8:1:2::";
  for (int i = 1; i <= 5; ++i)
    EXPECT_EQ(refusal(log_in("kim_lee", "wrong", home + std::to_string(i))), error_code::credentials_invalid);
  EXPECT_EQ(refusal(log_in("kim_lee", "wrong", home + "6")), error_code::rate_limited);
  EXPECT_EQ(refusal(log_in("kim_lee", "wrong", "2001:db8:1:3::6")), error_code::credentials_invalid);
}

TEST_F(accounts, successes_are_not_counted) {
  make_member("kim_lee");
  for (int i = 0; i < 30; ++i) ASSERT_EQ(refusal(log_in("kim_lee")), std::nullopt) << i;
}

TEST_F(accounts, change_field_by_field_under_a_version) {
  const auto who = caller_of(make_member("kim_lee").tokens);
  auto changed = run(people->accounts().update_own(
      who,
      update_of(
          R"({"heightCm":171,"weightKg":66.5,"dateOfBirth":"1992-05-04","restDay":"sunday","timeZone":"Europe/Berlin"})"),
      {}, origin));
  EXPECT_EQ(changed.account.weight_kg, 66.5);
  EXPECT_EQ(changed.account.rest_day, weekday::sunday);
  EXPECT_EQ(changed.account.name, "Test Member");
  EXPECT_GE(changed.account.age.value_or(0), 33);
  const auto version = changed.version;
  changed = run(people->accounts().update_own(who, update_of(R"({"weightKg":65})"), version, origin));
  EXPECT_EQ(changed.version, version + 1);
  EXPECT_EQ(refusal(people->accounts().update_own(who, update_of(R"({"weightKg":64})"), version, origin)),
            error_code::precondition_failed);
  const auto own = run(people->accounts().own(who));
  EXPECT_EQ(own.account.weight_kg, 65);
  EXPECT_EQ(own.account.height_cm, 171);
}

TEST_F(accounts, belong_to_people_of_sixteen_and_more) {
  const auto who = caller_of(make_member("kim_lee").tokens);
  const auto today = std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(time.now())};
  profile_update update;
  update.date_of_birth =
      std::chrono::year_month_day{std::chrono::sys_days{today - std::chrono::years{16}} + std::chrono::days{1}};
  EXPECT_EQ(refusal(people->accounts().update_own(who, update, {}, origin)), error_code::invalid_request);
  update.date_of_birth =
      std::chrono::year_month_day{std::chrono::sys_days{today - std::chrono::years{16}} - std::chrono::days{1}};
  EXPECT_EQ(refusal(people->accounts().update_own(who, update, {}, origin)), std::nullopt);
  update.date_of_birth = std::chrono::sys_days{today} + std::chrono::days{366};
  EXPECT_EQ(refusal(people->accounts().update_own(who, update, {}, origin)), error_code::invalid_request);
}

TEST_F(accounts, keep_health_data_with_consent_only_and_sealed) {
  const auto who = caller_of(make_member("kim_lee").tokens);
  const auto told =
      update_of(R"({"healthConditions":["an unmistakable condition"],"allergies":["peanuts everywhere"]})");
  EXPECT_EQ(refusal(people->accounts().update_own(who, told, {}, origin)), error_code::consent_required);
  auto granted = run(people->accounts().decide_consent(who, decision(true), origin));
  ASSERT_EQ(granted.account.consents.size(), 1U);
  run(people->accounts().update_own(who, told, {}, origin));

  reopen();
  const auto own = run(people->accounts().own(who));
  EXPECT_THAT(own.account.health_conditions.value(), testing::ElementsAre("an unmistakable condition"));
  for (const auto& file : std::filesystem::directory_iterator{folder.path()}) {
    std::ifstream stream{file.path(), std::ios::binary};
    const std::string content{std::istreambuf_iterator<char>{stream}, {}};
    EXPECT_EQ(content.find("unmistakable"), content.npos) << file.path();
    EXPECT_EQ(content.find("peanuts"), content.npos) << file.path();
  }
}

TEST_F(accounts, consents_are_recorded_and_withdrawn_never_rewritten) {
  const auto who = caller_of(make_member("kim_lee").tokens);
  run(people->accounts().decide_consent(who, decision(true), origin));
  const auto repeated = run(people->accounts().decide_consent(who, decision(true), origin));
  EXPECT_EQ(repeated.account.consents.size(), 1U);
  const auto withdrawn = run(people->accounts().decide_consent(who, decision(false), origin));
  ASSERT_EQ(withdrawn.account.consents.size(), 1U);
  EXPECT_TRUE(withdrawn.account.consents[0].withdrawn_at);
  EXPECT_EQ(refusal(people->accounts().update_own(who, update_of(R"({"allergies":["nuts"]})"), {}, origin)),
            error_code::consent_required);
  EXPECT_EQ(refusal(people->accounts().update_own(who, update_of(R"({"allergies":[]})"), {}, origin)), std::nullopt)
      << "what is kept may always be removed";
  const auto newer = run(people->accounts().decide_consent(who, decision(true, "2"), origin));
  EXPECT_EQ(newer.account.consents.size(), 2U);
  EXPECT_EQ(newer.account.consents[1].version, "2");
}

TEST_F(accounts, admins_are_made_once_per_address) {
  run(people->accounts().create_admin("boss@example.org", "seven green bicycles"));
  EXPECT_EQ(run(log_in("boss")).user.role, role::admin);
  EXPECT_EQ(refusal(people->accounts().create_admin("boss@example.org", "seven green bicycles")),
            error_code::email_taken);
  EXPECT_EQ(refusal(people->accounts().create_admin("Boss2", "seven green bicycles")), error_code::invalid_request);
  EXPECT_EQ(refusal(people->accounts().create_admin("b@example.org", "short")), error_code::invalid_request);
  EXPECT_EQ(refusal(people->accounts().create_admin("boss@example.net", "seven green bicycles")), std::nullopt)
      << "the same user name is numbered";
}

TEST_F(accounts, suspended_ones_are_out_at_once) {
  const auto member = make_member("kim_lee");
  const auto other_device = run(log_in("kim_lee"));
  const auto admin_id = run(people->accounts().create_admin("boss@example.org", "seven green bicycles"));
  const caller admin{.id = admin_id, .role = role::admin};
  run(people->accounts().set_active(admin, member.user.id, {.is_active = false, .reason = {}}, origin));
  EXPECT_EQ(verdict(member.tokens.access_token), error_code::token_revoked);
  EXPECT_EQ(verdict(other_device.tokens.access_token), error_code::token_revoked);
  EXPECT_EQ(refusal(people->sessions().refresh(member.tokens.refresh_token, origin)),
            error_code::refresh_token_invalid);
  time.advance(2s);
  run(people->accounts().set_active(admin, member.user.id, {.is_active = true, .reason = {}}, origin));
  EXPECT_EQ(verdict(run(log_in("kim_lee")).tokens.access_token), std::nullopt);
  EXPECT_EQ(verdict(member.tokens.access_token), error_code::token_revoked);
  EXPECT_EQ(refusal(people->accounts().set_active(admin, admin_id, {.is_active = false, .reason = {}}, origin)),
            error_code::forbidden);
  EXPECT_EQ(
      refusal(people->accounts().set_active(admin, uuid::derived_from("x"), {.is_active = true, .reason = {}}, origin)),
      error_code::not_found);
}

TEST_F(accounts, a_new_role_ends_tokens_with_the_old_one) {
  const auto member = make_member("kim_lee");
  const auto admin_id = run(people->accounts().create_admin("boss@example.org", "seven green bicycles"));
  const auto change = schema::from_json<role_change>(
      R"({"role":"staff","branches":["00000000-0000-8000-8000-000000000001","00000000-0000-8000-8000-000000000001"]})");
  const auto place = change.branches->value().front();
  const caller boss{.id = admin_id, .role = role::admin};
  EXPECT_EQ(refusal(people->accounts().set_role(boss, member.user.id, change, origin)), error_code::invalid_request);
  EXPECT_EQ(verdict(member.tokens.access_token), std::nullopt);
  run(branch_repository{*database}.insert({.id = place, .name = "North", .time_zone = "UTC"}));
  EXPECT_THAT(run(people->accounts().set_role(boss, member.user.id, change, origin)).branches,
              testing::ElementsAre(place));
  EXPECT_EQ(verdict(member.tokens.access_token), error_code::token_revoked);
  EXPECT_EQ(refusal(people->sessions().refresh(member.tokens.refresh_token, origin)),
            error_code::refresh_token_invalid);
  const auto who = caller_of(run(log_in("kim_lee")).tokens);
  EXPECT_EQ(who.role, role::staff);
  EXPECT_THAT(who.branches, testing::ElementsAre(place));
  EXPECT_FALSE(schema::try_from_json<role_change>(R"({"role":"staff"})"));
  EXPECT_FALSE(schema::try_from_json<role_change>(R"({"role":"machine"})"));
}

}  // namespace
}  // namespace nxg
