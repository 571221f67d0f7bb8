#include "services/accounts/tests/identity_fixture.hpp"

#include <gmock/gmock.h>

namespace nxg {
namespace {

using namespace std::chrono_literals;

class audit : public identity_test {
 protected:
  std::vector<audit_record> about(const uuid& account) {
    audit_repository records{*database};
    return run(records.about(run(people->audit().pseudonym_of(account)), 100));
  }
  std::vector<audit_event> events_about(const uuid& account) {
    std::vector<audit_event> events;
    for (const auto& record : about(account)) events.push_back(record.event);
    return events;
  }
};

TEST_F(audit, records_how_somebody_came_and_went) {
  const auto made = make_member("kim_lee");
  EXPECT_EQ(refusal(log_in("kim_lee", "wrong")), error_code::credentials_invalid);
  run(people->sessions().logout(caller_of(made.tokens), {}, origin));
  EXPECT_THAT(events_about(made.user.id),
              testing::UnorderedElementsAre(audit_event::user_registration, audit_event::auth_failure,
                                            audit_event::user_logout));
}

TEST_F(audit, names_nobody) {
  const auto made = make_member("kim_lee");
  const auto record = about(made.user.id).at(0);
  EXPECT_NE(record.subject, made.user.id);
  EXPECT_EQ(record.subject, record.actor);
  EXPECT_EQ(record.network, "192.0.2.0/24");
}

TEST_F(audit, chains_what_it_writes) {
  const auto made = make_member("kim_lee");
  for (int i = 0; i < 5; ++i) run(log_in("kim_lee"));
  const auto records = about(made.user.id);
  ASSERT_EQ(records.size(), 6U);
  audit_repository repository{*database};
  EXPECT_EQ(run(fault_in_chain(repository, records.at(0).chain)), std::nullopt);
}

TEST_F(audit, shows_a_record_that_was_changed_or_taken_out) {
  const auto made = make_member("kim_lee");
  for (int i = 0; i < 3; ++i) run(log_in("kim_lee"));
  const auto records = about(made.user.id);
  store::collection<audit_record> documents{*database};
  audit_repository repository{*database};
  run(documents.update(records.at(1).id, store::change<audit_record>().set<&audit_record::success>(false)));
  EXPECT_THAT(run(fault_in_chain(repository, records.at(0).chain)).value_or(""), testing::HasSubstr("changed"));
  run(documents.remove(records.at(1).id));
  EXPECT_THAT(run(fault_in_chain(repository, records.at(0).chain)).value_or(""), testing::HasSubstr("missing"));
}

TEST_F(audit, a_new_day_goes_on_from_the_day_before) {
  const auto made = make_member("kim_lee");
  time.advance(24h);
  run(log_in("kim_lee"));
  const auto records = about(made.user.id);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_NE(records.at(0).chain, records.at(1).chain);
  EXPECT_EQ(records.at(0).previous_hash, records.at(1).hash);
}

TEST_F(audit, one_that_cannot_be_written_fails_nobody_else) {
  const auto entry = [](std::string user_agent) {
    return audit_entry{.event = audit_event::user_logout,
                       .subject = uuid::derived_from("someone"),
                       .origin = {.address = "192.0.2.1", .user_agent = std::move(user_agent), .request_id = {}}};
  };
  run(people->audit().record(entry("first")));
  std::vector<std::future<void>> acts;
  for (const auto* agent : {"good", "bad \xff", "good", "good"}) {
    acts.push_back(boost::asio::co_spawn(context, people->audit().record(entry(agent)), boost::asio::use_future));
  }
  context.restart();
  context.run();
  acts[0].get();
  EXPECT_THROW(acts[1].get(), api_error);
  acts[2].get();
  acts[3].get();
  const auto records = about(uuid::derived_from("someone"));
  ASSERT_EQ(records.size(), 4U);
  audit_repository repository{*database};
  for (const auto& one : records) EXPECT_EQ(one.chain, records[0].chain);
  EXPECT_EQ(run(fault_in_chain(repository, records[0].chain)), std::nullopt);
}

TEST_F(audit, a_wrong_login_is_charged_and_recorded_also_past_the_limit) {
  const auto made = make_member("kim_lee");
  // Each of another account, so that only the limit of the address is met.
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(refusal(log_in("nobody_" + std::to_string(i))), error_code::credentials_invalid);
  }
  EXPECT_EQ(refusal(log_in("kim_lee", "wrong")), error_code::rate_limited)
      << "known there, so the password is looked at";
  EXPECT_THAT(events_about(made.user.id),
              testing::UnorderedElementsAre(audit_event::user_registration, audit_event::auth_failure));
}

TEST(network_of_an_address, keeps_too_little_to_follow_a_person) {
  EXPECT_EQ(network_of("203.0.113.77"), "203.0.113.0/24");
  EXPECT_EQ(network_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1::/48");
  EXPECT_EQ(network_of("nonsense"), "");
}

}  // namespace
}  // namespace nxg
