#include "gym.hpp"

#include "services/api_error.hpp"
#include "utilities/time_zones.hpp"

#include <gmock/gmock.h>

#include <set>

namespace nxg::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class floor : public ::testing::Test {
 protected:
  runtime::temporary_folder where{"floor"};
  runtime::clock time{runtime::clock::mode::adjustable};
  process here{where.path(), time};
  branch at = here.open_branch();
  machine on = here.enrol(at);
  uuid member = here.new_member();

  uuid link(const uuid& who, const machine& which) {
    return here.run(here.links.link(who, {which.id, {}}, here.new_id())).link.link_id;
  }
  machine now(const machine& which) { return here.run(here.machines.find(which.id)).value(); }
  task<unlinked> unlinking(const uuid& who, role as, std::optional<uuid> which = {}) {
    return here.links.unlink({who, as, {}, {at.id}}, {on.id, which}, {});
  }
  template <class Call>
  std::string refusal_of(Call call) {
    try {
      here.run(call());
    } catch (const api_error& error) {
      return std::string{name_of(error.code())};
    }
    return "none";
  }
  std::string linking(const uuid& who, const machine& which) {
    return refusal_of([&] { return here.links.link(who, {which.id, {}}, here.new_id()); });
  }
};

TEST_F(floor, a_link_needs_a_visit_in_the_machines_branch) {
  EXPECT_EQ(linking(member, on), "visit_required");
  here.check_in(member, here.open_branch());
  EXPECT_EQ(linking(member, on), "machine_in_other_branch");
}

TEST_F(floor, one_machine_per_member_and_one_member_per_machine) {
  const auto other = here.enrol(at, machine_class::rower, "Rower");
  const auto second = here.new_member();
  here.check_in(member, at);
  here.check_in(second, at);
  const auto made = link(member, on);
  EXPECT_EQ(link(member, on), made) << "the same again";
  EXPECT_EQ(linking(second, on), "machine_in_use");
  EXPECT_EQ(linking(member, other), "member_already_linked");
  EXPECT_EQ(status_of(now(on), time.now()), machine_status::occupied);
}

TEST_F(floor, of_many_who_link_at_once_one_gets_the_machine) {
  std::vector<uuid> members;
  for (int i = 0; i < 8; ++i) {
    members.push_back(here.new_member());
    here.check_in(members.back(), at);
  }
  std::vector<std::future<link_service::linked>> tries;
  for (const auto& one : members) {
    tries.push_back(
        boost::asio::co_spawn(here.io, here.links.link(one, {on.id, {}}, here.new_id()), boost::asio::use_future));
  }
  int got = 0;
  for (auto& one : tries) {
    here.turn_until([&] { return one.wait_for(0s) == std::future_status::ready; });
    try {
      one.get();
      ++got;
    } catch (const api_error& error) {
      EXPECT_EQ(name_of(error.code()), "machine_in_use");
    }
  }
  EXPECT_EQ(got, 1);
}

TEST_F(floor, a_machine_is_told_an_alias_and_watchers_never_who_trains) {
  here.check_in(member, at);
  link(member, on);
  here.settle();
  ASSERT_THAT(here.live.of("machine:linked"), SizeIs(1));
  ASSERT_FALSE(here.live.of("machine:status").empty());
  for (const auto& one : here.live.all()) {
    if (one.to.starts_with("machine:") || one.to.starts_with("branch:")) {
      EXPECT_THAT(one.json, Not(HasSubstr(member.to_string()))) << one.event;
    }
  }
}

TEST_F(floor, an_idle_link_ends_and_its_workout_with_it) {
  here.check_in(member, at);
  const auto made = link(member, on);
  time.advance(11min);
  EXPECT_EQ(here.run(here.links.release_expired()), 1U);
  EXPECT_FALSE(now(on).link);
  const auto of = here.run(here.workouts_kept.find(made));
  EXPECT_EQ(of->state, workout_state::closing);
  EXPECT_EQ(of->end_reason, link_end::idle);
  EXPECT_EQ(linking(member, on), "none");
}

TEST_F(floor, a_link_that_ran_out_is_in_nobodys_way_even_before_the_sweep) {
  const auto second = here.new_member();
  here.check_in(member, at);
  const auto made = link(member, on);
  time.advance(11min);
  here.check_in(second, at);
  EXPECT_EQ(linking(second, on), "none");
  EXPECT_EQ(here.run(here.workouts_kept.find(made))->state, workout_state::closing);
}

TEST_F(floor, a_claim_its_visit_does_not_name_is_released) {
  const auto during = here.check_in(member, at);
  const machine_link half{here.new_id(), member, during.id, "Athlete", time.now(), time.now() + 10min};
  ASSERT_TRUE(here.run(here.machines.claim(on.id, at.id, half, time.now())));
  here.settle();
  EXPECT_EQ(here.run(here.links.release_abandoned()), 0U) << "it may still be under way";
  time.advance(11s);
  EXPECT_EQ(here.run(here.links.release_abandoned()), 1U);
  EXPECT_FALSE(now(on).link);
  EXPECT_FALSE(here.run(here.workouts_kept.find(half.link_id)));
}

TEST_F(floor, a_workout_is_written_even_if_the_process_died_after_the_visit_was) {
  const auto during = here.check_in(member, at);
  const machine_link made{here.new_id(), member, during.id, "Athlete", time.now(), time.now() + 10min};
  ASSERT_TRUE(here.run(here.visits_kept.set_link(during.id, {made.link_id, on.id, on.name, time.now()})));
  ASSERT_TRUE(here.run(here.machines.claim(on.id, at.id, made, time.now())));
  here.settle();
  EXPECT_TRUE(here.run(here.workouts_kept.find(made.link_id)));
}

TEST_F(floor, a_link_that_broke_off_is_completed_for_who_asks_again) {
  const auto during = here.check_in(member, at);
  const machine_link half{here.new_id(), member, during.id, "Athlete", time.now(), time.now() + 10min};
  ASSERT_TRUE(here.run(here.machines.claim(on.id, at.id, half, time.now())));
  here.settle();
  EXPECT_EQ(link(member, on), half.link_id);
  EXPECT_EQ(link(member, on), half.link_id);
  EXPECT_TRUE(here.run(here.workouts_kept.find(half.link_id)));
  EXPECT_THAT(here.run(here.visits.current(member))->machines_used, SizeIs(1));
  time.advance(11s);
  EXPECT_EQ(here.run(here.links.release_abandoned()), 0U);
}

TEST_F(floor, a_link_that_broke_off_before_its_workout_has_one_when_it_ends) {
  const auto during = here.check_in(member, at);
  const machine_link made{here.new_id(), member, during.id, "Athlete", time.now(), time.now() + 10min};
  ASSERT_TRUE(here.run(here.visits_kept.set_link(during.id, {made.link_id, on.id, on.name, time.now()})));
  ASSERT_TRUE(here.run(here.machines.claim(on.id, at.id, made, time.now())));
  const auto told = here.run(unlinking(member, role::member));
  EXPECT_EQ(std::get<workouts::workout_view>(told).id, made.link_id);
  EXPECT_EQ(here.run(here.workouts_kept.find(made.link_id))->end_reason, link_end::unlinked);
}

TEST_F(floor, unlinking_again_tells_of_a_workout_whose_end_was_not_written) {
  here.check_in(member, at);
  const auto made = link(member, on);
  ASSERT_TRUE(here.run(here.machines.release(on.id, at.id, *now(on).link, link_end::unlinked, time.now())));
  const auto told = here.run(unlinking(member, role::member));
  EXPECT_EQ(std::get<workouts::workout_view>(told).id, made);
  EXPECT_EQ(here.run(here.workouts_kept.find(made))->state, workout_state::closing);
}

TEST_F(floor, a_link_of_an_earlier_visit_is_not_taken_for_one_of_this_visit) {
  const auto during = here.check_in(member, at);
  const auto made = link(member, on);
  ASSERT_TRUE(
      here.run(here.visits_kept.end(during.id, member, at.id, visit_state::completed, visit_end::member, time.now())));
  here.check_in(member, at);
  EXPECT_NE(link(member, on), made);
  here.settle();
  EXPECT_TRUE(now(on).link);
  EXPECT_EQ(here.run(here.workouts_kept.find(made))->end_reason, link_end::checked_out);
}

TEST_F(floor, a_link_asked_for_again_after_it_has_ended_is_not_trained_on_again) {
  here.check_in(member, at);
  const auto id = here.new_id();
  here.run(here.links.link(member, {on.id, {}}, id));
  here.run(unlinking(member, role::member));
  EXPECT_EQ(here.run(here.links.link(member, {on.id, {}}, id)).link.link_id, id);
  EXPECT_FALSE(now(on).link);
  EXPECT_EQ(here.run(here.workouts_kept.find(id))->state, workout_state::closing);
}

TEST_F(floor, a_link_renewed_since_it_was_found_idle_goes_on) {
  here.check_in(member, at);
  link(member, on);
  const auto held = *now(on).link;
  time.advance(11min);
  here.run(here.machines.renew(on.id, held.link_id, time.now() + 10min));
  EXPECT_FALSE(here.run(here.machines.release(on.id, at.id, held, link_end::idle, time.now())));
  EXPECT_TRUE(now(on).link);
}

TEST_F(floor, a_machine_that_went_out_of_service_loses_its_link_also_when_the_process_died_in_between) {
  here.check_in(member, at);
  const auto made = link(member, on);
  here.run(here.machines.set_condition(on.id, machine_condition::maintenance, time.now()));
  time.advance(11s);
  EXPECT_EQ(here.run(here.links.release_abandoned()), 1U);
  EXPECT_EQ(here.run(here.workouts_kept.find(made))->end_reason, link_end::maintenance);
}

TEST_F(floor, of_two_links_of_one_member_at_once_both_are_the_same) {
  here.check_in(member, at);
  std::vector<std::future<link_service::linked>> tries;
  for (int i = 0; i < 4; ++i) {
    tries.push_back(
        boost::asio::co_spawn(here.io, here.links.link(member, {on.id, {}}, here.new_id()), boost::asio::use_future));
  }
  std::set<uuid> got;
  for (auto& one : tries) {
    here.turn_until([&] { return one.wait_for(0s) == std::future_status::ready; });
    got.insert(one.get().link.link_id);
  }
  EXPECT_THAT(got, SizeIs(1));
}

TEST_F(floor, unlinking_twice_gives_the_same_answer_and_others_may_not) {
  const auto stranger = here.new_member();
  here.check_in(member, at);
  const auto made = link(member, on);
  EXPECT_EQ(refusal_of([&] { return unlinking(stranger, role::member); }), "machine_not_linked");
  EXPECT_EQ(refusal_of([&] { return unlinking(stranger, role::member, made); }), "machine_not_linked");
  const caller elsewhere{here.new_id(), role::staff, {}, {here.new_id()}};
  EXPECT_EQ(refusal_of([&] { return here.links.unlink(elsewhere, {on.id, {}}, {}); }), "machine_not_linked");
  const auto whole = [&] { return std::get<workouts::workout_view>(here.run(unlinking(member, role::member))).id; };
  EXPECT_EQ(whole(), made);
  EXPECT_EQ(whole(), made);
}

TEST_F(floor, staff_of_the_branch_and_the_machine_itself_may_unlink_and_learn_when_it_ended) {
  here.check_in(member, at);
  const auto staff = here.new_id();
  const auto first = link(member, on);
  time.advance(90s);
  const auto told = [&](const uuid& who, role as, std::optional<uuid> which) {
    return std::get<ended_link>(here.run(unlinking(who, as, which)));
  };
  EXPECT_EQ(told(staff, role::staff, {}).link_id, first);
  EXPECT_FALSE(now(on).link);
  const auto seconds = told(staff, role::staff, {}).duration_seconds;
  EXPECT_GE(seconds, 90);
  EXPECT_LE(seconds, 95);
  const auto second = link(member, on);
  EXPECT_EQ(told(on.id, role::machine, first).duration_seconds, seconds) << "not the one that began meanwhile";
  EXPECT_TRUE(now(on).link);
  EXPECT_EQ(told(on.id, role::machine, second).link_id, second);
  EXPECT_FALSE(now(on).link);
}

TEST_F(floor, a_link_ended_by_a_person_who_is_not_its_member_is_recorded) {
  const auto staff = here.new_id();
  here.check_in(member, at);
  link(member, on);
  here.run(unlinking(member, role::member));
  link(member, on);
  here.run(unlinking(on.id, role::machine));
  link(member, on);
  here.run(unlinking(staff, role::staff));
  here.run(unlinking(staff, role::staff));
  store::collection<audit_record> records{here.database};
  const auto found = here.run(records.find_page(store::eq<&audit_record::event>(audit_event::machine_unlinked),
                                                store::sort<audit_record>().descending<&audit_record::at>(), 10));
  ASSERT_THAT(found.items, SizeIs(1));
  EXPECT_EQ(found.items[0].actor, here.run(here.audit.pseudonym_of(staff)));
  EXPECT_EQ(found.items[0].subject, here.run(here.audit.pseudonym_of(member)));
  EXPECT_EQ(found.items[0].branch_id, at.id);
}

TEST_F(floor, checking_out_ends_the_link) {
  here.check_in(member, at);
  const auto made = link(member, on);
  const auto ended = here.run(here.visits.end(member, time.now()));
  EXPECT_EQ(ended.made.state, visit_state::completed);
  ASSERT_TRUE(ended.workout);
  EXPECT_EQ(ended.workout->id, made);
  EXPECT_FALSE(now(on).link);
  EXPECT_EQ(refusal_of([&] { return here.visits.end(member, time.now() + 1s); }), "visit_not_found");
}

TEST_F(floor, checking_out_tells_of_an_ended_workout_also_where_another_released_the_link) {
  here.check_in(member, at);
  const auto made = link(member, on);
  const auto held = now(on).link.value();
  time.advance(5s);
  // The handler of an event came first, and has not got to the workout yet.
  ASSERT_TRUE(here.run(here.machines.release(on.id, at.id, held, link_end::checked_out, time.now())));
  const auto ended = here.run(here.visits.end(member, time.now()));
  ASSERT_TRUE(ended.workout);
  EXPECT_EQ(ended.workout->id, made);
  EXPECT_NE(ended.workout->status, workout_state::live);
  EXPECT_TRUE(ended.workout->ended_at);
}

TEST_F(floor, a_suspension_ends_visit_and_link_but_nothing_that_began_after_it) {
  here.check_in(member, at);
  const auto made = link(member, on);
  const account_suspended event{member, time.now()};
  here.run(here.users_kept.set_status(member, account_status::suspended, "why not", event.at));
  here.settle();
  EXPECT_FALSE(here.run(here.visits.current(member)));
  EXPECT_FALSE(now(on).link);
  EXPECT_EQ(here.run(here.workouts_kept.find(made))->end_reason, link_end::checked_out);
  time.advance(1s);
  here.run(here.users_kept.set_status(member, account_status::active, {}, time.now()));
  here.check_in(member, at);
  here.run(here.visits.on_suspended(event));
  EXPECT_TRUE(here.run(here.visits.current(member))) << "the event came again, late";
}

TEST_F(floor, who_is_suspended_while_checking_in_is_out_again) {
  const caller screen{here.new_id(), role::screen, {}, {at.id}};
  const auto code = here.run(here.visits.code(screen, at.id));
  // The token was found good; then all this happened; then the check-in goes on.
  here.run(here.users_kept.set_status(member, account_status::suspended, "why not", time.now()));
  here.settle();
  EXPECT_EQ(refusal_of([&] { return here.visits.start(member, code.token, here.new_id()); }), "token_revoked");
  EXPECT_FALSE(here.run(here.visits.current(member)));
}

TEST_F(floor, who_is_suspended_while_checking_in_is_out_also_when_the_process_died_in_between) {
  here.run(here.users_kept.set_status(member, account_status::suspended, "why not", time.now()));
  here.settle();
  const visit begun{.id = here.new_id(),
                    .member_id = member,
                    .branch_id = at.id,
                    .branch_name = at.name,
                    .check_in_at = time.now(),
                    .auto_end_at = time.now() + 4h,
                    .time_zone = at.time_zone,
                    .local_date = utilities::local_date_at(time.now(), at.time_zone)};
  here.run(here.visits_kept.insert(begun));
  here.settle();
  EXPECT_FALSE(here.run(here.visits.current(member)));
}

TEST_F(floor, one_visit_at_a_time) {
  here.check_in(member, at);
  EXPECT_EQ(refusal_of([&]() -> task<visit> {
              const caller screen{here.new_id(), role::screen, {}, {at.id}};
              const auto code = co_await here.visits.code(screen, at.id);
              co_return co_await here.visits.start(member, code.token, here.new_id());
            }),
            "visit_active");
  here.run(here.visits.end(member, time.now()));
  here.check_in(member, at);
}

TEST_F(floor, a_code_is_taken_once_by_each_member_and_for_a_minute) {
  const caller screen{here.new_id(), role::screen, {}, {at.id}};
  const auto code = here.run(here.visits.code(screen, at.id));
  const auto second = here.new_member();
  here.run(here.visits.start(member, code.token, here.new_id()));
  here.run(here.visits.start(second, code.token, here.new_id()));
  here.run(here.visits.end(member, time.now()));
  EXPECT_EQ(refusal_of([&] { return here.visits.start(member, code.token, here.new_id()); }), "check_in_code_used");
  const auto next = here.run(here.visits.code(screen, at.id));
  time.advance(61s);
  EXPECT_EQ(refusal_of([&] { return here.visits.start(member, next.token, here.new_id()); }), "check_in_code_expired");
}

TEST_F(floor, a_repeated_check_in_is_the_same_visit) {
  const caller screen{here.new_id(), role::screen, {}, {at.id}};
  const auto code = here.run(here.visits.code(screen, at.id));
  const auto id = here.new_id();
  EXPECT_EQ(here.run(here.visits.start(member, code.token, id)).id, id);
  EXPECT_EQ(here.run(here.visits.start(member, code.token, id)).id, id);
}

TEST_F(floor, refuses_codes_that_are_not_of_a_branch) {
  const caller screen{here.new_id(), role::screen, {}, {at.id}};
  auto code = here.run(here.visits.code(screen, at.id)).token;
  code[150] = code[150] == 'A' ? 'B' : 'A';
  for (const auto& bad : {code, std::string{"nonsense"}, std::string(200, 'A'), std::string{}}) {
    EXPECT_EQ(refusal_of([&] { return here.visits.start(member, bad, here.new_id()); }), "check_in_code_invalid")
        << bad;
  }
  const caller elsewhere{here.new_id(), role::screen, {}, {here.new_id()}};
  EXPECT_EQ(refusal_of([&] { return here.visits.code(elsewhere, at.id); }), "branch_not_found");
}

TEST_F(floor, the_clock_ends_a_visit_at_its_time_and_frees_the_machine) {
  const auto during = here.check_in(member, at);
  const auto made = link(member, on);
  time.advance(4h + 10min);
  EXPECT_EQ(here.run(here.visits.end_due()), 1U);
  const auto ended = here.run(here.visits_kept.find(during.id));
  EXPECT_EQ(ended->state, visit_state::expired);
  EXPECT_EQ(ended->check_out_at, during.check_in_at + 4h);
  EXPECT_FALSE(now(on).link);
  EXPECT_NE(here.run(here.workouts_kept.find(made))->state, workout_state::live);
}

TEST_F(floor, a_machine_that_falls_silent_is_offline_until_it_is_heard_again) {
  EXPECT_EQ(status_of(now(on), time.now()), machine_status::offline);
  const auto first = here.run(here.presence.connected(on.id));
  EXPECT_EQ(status_of(now(on), time.now()), machine_status::available);
  time.advance(35s);
  EXPECT_EQ(here.run(here.presence.mark_offline()), 0U);
  here.run(here.presence.heartbeat(on.id, first.connection, {.firmware = "1.2"}));
  time.advance(35s);
  EXPECT_EQ(here.run(here.presence.mark_offline()), 0U);
  time.advance(11s);
  EXPECT_EQ(here.run(here.presence.mark_offline()), 1U);
  EXPECT_EQ(status_of(now(on), time.now()), machine_status::offline);
  here.run(here.presence.heartbeat(on.id, first.connection, {}));
  EXPECT_EQ(status_of(now(on), time.now()), machine_status::available);
  EXPECT_EQ(now(on).firmware, "1.2");
}

TEST_F(floor, a_status_is_since_when_it_was_shown_and_told_only_when_another_is) {
  const auto first = here.run(here.presence.connected(on.id));
  here.check_in(member, at);
  here.settle();
  here.live.clear();
  time.advance(1s);
  link(member, on);
  const auto linked_at = now(on).status_since;
  here.settle();
  EXPECT_THAT(here.live.of("machine:status"), SizeIs(1));
  // Silent, then heard again: still somebody trains there.
  time.advance(50s);
  EXPECT_EQ(here.run(here.presence.mark_offline()), 1U);
  time.advance(1s);
  here.run(here.presence.heartbeat(on.id, first.connection, {}));
  here.settle();
  EXPECT_TRUE(now(on).online);
  EXPECT_EQ(status_since_of(now(on), time.now()), linked_at);
  EXPECT_THAT(here.live.of("machine:status"), SizeIs(1));
  // Out of service, whatever becomes of its link and its network.
  time.advance(1s);
  const auto broken_at = time.now();
  here.run(here.machines.set_condition(on.id, machine_condition::out_of_order, broken_at));
  time.advance(50s);
  here.run(here.links.release_machine(now(on), link_end::maintenance));
  here.run(here.presence.mark_offline());
  here.run(here.presence.connected(on.id));
  here.run(here.machines.set_condition(on.id, machine_condition::out_of_order, time.now()));
  here.settle();
  EXPECT_FALSE(now(on).link);
  EXPECT_EQ(now(on).status_since, broken_at);
  EXPECT_THAT(here.live.of("machine:status"), SizeIs(2));
  EXPECT_THAT(here.live.of("machine:unlinked"), SizeIs(1));
}

TEST_F(floor, a_link_that_ran_out_freed_its_machine_then_and_that_is_told_once) {
  here.run(here.presence.connected(on.id));
  here.check_in(member, at);
  link(member, on);
  here.settle();
  here.live.clear();
  const auto ran_out_at = now(on).link.value().expires_at;
  time.advance(ran_out_at - time.now() + 20s);
  EXPECT_EQ(status_of(now(on), time.now()), machine_status::available);
  EXPECT_EQ(status_since_of(now(on), time.now()), ran_out_at);
  EXPECT_EQ(here.run(here.links.release_expired()), 1U);
  here.settle();
  EXPECT_EQ(now(on).status_since, ran_out_at);
  EXPECT_THAT(here.live.of("machine:status"), SizeIs(1));

  link(member, on);
  time.advance(10min + 20s);
  EXPECT_EQ(here.run(here.presence.mark_offline()), 1U);
  const auto offline_at = now(on).status_since;
  EXPECT_GT(offline_at, ran_out_at + 10min);
  EXPECT_EQ(here.run(here.links.release_expired()), 1U);
  here.settle();
  EXPECT_EQ(now(on).status_since, offline_at);
  EXPECT_THAT(here.live.of("machine:status"), SizeIs(3)) << "occupied and offline";
}

TEST_F(floor, the_newest_connection_of_a_machine_wins) {
  const auto first = here.run(here.presence.connected(on.id));
  const auto second = here.run(here.presence.connected(on.id));
  EXPECT_EQ(second.connection, first.connection + 1);
  EXPECT_FALSE(here.run(here.presence.heartbeat(on.id, first.connection, {})));
  EXPECT_TRUE(here.run(here.presence.heartbeat(on.id, second.connection, {})));
}

}  // namespace
}  // namespace nxg::testing
