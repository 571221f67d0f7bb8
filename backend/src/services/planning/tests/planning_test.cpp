#include "services/planning/planning.hpp"

#include "services/planning/contraindications.hpp"
#include "services/planning/tests/support.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace nxg::planning {
namespace {

using namespace std::chrono_literals;

class planning_test : public ::testing::Test {
 protected:
  template <class Call>
  std::optional<error_code> code_of(Call call) {
    try {
      call();
    } catch (const api_error& error) {
      return error.code();
    }
    return std::nullopt;
  }

  planning_fixture gym_;
};

TEST_F(planning_test, a_new_plan_comes_from_the_service_and_is_active) {
  const auto member = gym_.add_member();
  const auto answer = gym_.generate(member);
  EXPECT_TRUE(answer.is_new);
  EXPECT_EQ(answer.source, plan_source::service);
  EXPECT_FALSE(answer.stale);
  EXPECT_EQ(answer.plan.service_plan_id, "outside-1");
  EXPECT_EQ(answer.plan.next_refresh_at - answer.plan.created_at, 14 * 24h);
  EXPECT_TRUE(answer.plan.content.days[0].categories[0].exercises[0].exercise_id);
  EXPECT_EQ(gym_.run(gym_.plans.active(member)).id, answer.plan.id);
}

TEST_F(planning_test, a_plan_that_holds_is_given_again) {
  const auto member = gym_.add_member();
  const auto first = gym_.generate(member);
  const auto again = gym_.generate(member);
  EXPECT_EQ(again.plan.id, first.plan.id);
  EXPECT_FALSE(again.is_new);
  EXPECT_EQ(gym_.service.calls, 1);
}

TEST_F(planning_test, a_plan_is_made_anew_when_the_goal_or_the_wish_changes_or_14_days_passed) {
  const auto member = gym_.add_member();
  std::set<uuid> ids{gym_.generate(member).plan.id};
  gym_.member(member).goal = training_goal::weight_loss;
  ids.insert(gym_.generate(member).plan.id);
  ids.insert(gym_.generate(member, {.weekly_workout_days = 5}).plan.id);
  gym_.time.advance(14 * 24h);
  ids.insert(gym_.generate(member, {.weekly_workout_days = 5}).plan.id);
  EXPECT_EQ(ids.size(), 4U);
  EXPECT_EQ(gym_.run(gym_.kept.count_of(member)), 4U);
}

TEST_F(planning_test, what_the_service_answered_today_is_not_asked_again) {
  const auto member = gym_.add_member();
  const auto first = gym_.generate(member);
  gym_.run(gym_.plans.withdraw(member, first.plan.id));
  const auto second = gym_.generate(member);
  EXPECT_EQ(gym_.service.calls, 1);
  EXPECT_EQ(second.source, plan_source::cache);
  EXPECT_FALSE(second.stale);
  EXPECT_TRUE(second.is_new);
  EXPECT_NE(second.plan.id, first.plan.id);
}

TEST_F(planning_test, an_answer_is_the_members_own) {
  gym_.generate(gym_.add_member());
  EXPECT_EQ(gym_.generate(gym_.add_member()).source, plan_source::service);
  EXPECT_EQ(gym_.service.calls, 2);
}

TEST_F(planning_test, forcing_asks_the_service_before_the_cache) {
  const auto member = gym_.add_member();
  const auto first = gym_.generate(member);
  const auto forced = gym_.generate(member, {.force_refresh = true});
  EXPECT_EQ(gym_.service.calls, 2);
  EXPECT_EQ(forced.source, plan_source::service);
  EXPECT_NE(forced.plan.id, first.plan.id);
}

TEST_F(planning_test, a_forced_plan_falls_back_to_the_fresh_cache) {
  const auto member = gym_.add_member();
  const auto first = gym_.generate(member);
  gym_.service.fails = true;
  const auto forced = gym_.generate(member, {.force_refresh = true});
  EXPECT_EQ(forced.source, plan_source::cache);
  EXPECT_EQ(forced.plan.id, first.plan.id) << "the answer in the cache is the plan the member has";
  EXPECT_FALSE(forced.is_new);
}

TEST_F(planning_test, without_the_service_a_stale_answer_of_it_stands_in) {
  const auto member = gym_.add_member();
  gym_.run(gym_.plans.withdraw(member, gym_.generate(member).plan.id));
  gym_.time.advance(25h);
  gym_.service.fails = true;
  const auto answer = gym_.generate(member);
  EXPECT_EQ(answer.source, plan_source::stale_cache);
  EXPECT_TRUE(answer.stale);
  EXPECT_EQ(answer.plan.next_refresh_at - answer.plan.created_at, 24h);
}

TEST_F(planning_test, without_service_and_cache_the_members_own_last_plan_stays) {
  const auto member = gym_.add_member();
  const auto first = gym_.generate(member);
  gym_.service.fails = true;
  gym_.member(member).goal = training_goal::weight_loss;
  const auto answer = gym_.generate(member);
  EXPECT_EQ(answer.source, plan_source::last_plan);
  EXPECT_TRUE(answer.stale);
  EXPECT_FALSE(answer.is_new);
  EXPECT_EQ(answer.plan.id, first.plan.id);
}

TEST_F(planning_test, without_anything_else_rules_make_a_plan_and_say_so) {
  gym_.service.fails = true;
  const auto answer = gym_.generate(gym_.add_member());
  EXPECT_EQ(answer.source, plan_source::rules);
  EXPECT_TRUE(answer.is_new);
  EXPECT_FALSE(answer.plan.content.days.empty());
  EXPECT_TRUE(answer.plan.service_plan_id.empty());
}

TEST_F(planning_test, a_last_plan_that_a_new_condition_rules_out_is_not_given) {
  const auto member = gym_.add_member();
  gym_.generate(member);
  gym_.service.fails = true;
  gym_.member(member).health_conditions = schema::encrypted<health_notes>{health_notes{{"knee pain"}}};
  gym_.consent(member);
  gym_.member(member).goal = training_goal::weight_loss;
  const auto answer = gym_.generate(member);
  EXPECT_EQ(answer.source, plan_source::rules);
  const auto limits = restrictions::of(std::vector<std::string>{"knee pain"});
  const auto library = gym_.run(gym_.catalogue.current());
  for (const auto& day : answer.plan.content.days) {
    for (const auto& section : day.categories) {
      for (const auto& entry : section.exercises) EXPECT_TRUE(limits.allows(*library->find(*entry.exercise_id)));
    }
  }
}

TEST_F(planning_test, where_nothing_proves_a_plan_safe_there_is_none_and_a_time_to_come_back) {
  gym_.service.fails = true;
  const auto member = gym_.add_member({"epilepsy"});
  gym_.consent(member);
  try {
    gym_.generate(member);
    FAIL();
  } catch (const api_error& error) {
    EXPECT_EQ(error.code(), error_code::plan_service_unavailable);
    EXPECT_GE(error.retry_after().value_or(0s), 1s);
    EXPECT_EQ(error.detail().find("epilepsy"), std::string::npos);
  }
  EXPECT_EQ(code_of([&] { gym_.run(gym_.plans.active(member)); }), error_code::plan_not_found);
}

TEST_F(planning_test, health_conditions_go_outside_only_under_a_consent_that_stands) {
  const auto member = gym_.add_member({"knee pain"});
  EXPECT_EQ(gym_.generate(member).source, plan_source::rules);
  EXPECT_EQ(gym_.service.calls, 0);
  gym_.consent(member);
  EXPECT_EQ(gym_.generate(member, {.force_refresh = true}).source, plan_source::service);
  EXPECT_EQ(gym_.service.calls, 1);
  gym_.member(member).consents.back().withdrawn_at = gym_.time.now();
  gym_.member(member).health_conditions.reset();
  gym_.member(member).goal = training_goal::weight_gain;
  EXPECT_NE(gym_.generate(member).source, plan_source::service);
  EXPECT_EQ(gym_.service.calls, 1) << "a consent withdrawn stops calls outside";
}

TEST_F(planning_test, an_outside_plan_is_cleared_of_what_a_condition_rules_out) {
  const auto member = gym_.add_member({"knee pain"});
  gym_.consent(member);
  const auto answer = gym_.generate(member);
  EXPECT_EQ(answer.source, plan_source::service);
  const auto limits = restrictions::of(std::vector<std::string>{"knee pain"});
  const auto library = gym_.run(gym_.catalogue.current());
  for (const auto& day : answer.plan.content.days) {
    EXPECT_EQ(day.categories[0].exercises.size(), 3U);
    for (const auto& entry : day.categories[0].exercises)
      EXPECT_TRUE(limits.allows(*library->find(*entry.exercise_id)));
  }
}

TEST_F(planning_test, an_incomplete_profile_is_refused_with_every_missing_field) {
  const auto member = gym_.add_member();
  gym_.member(member).level.reset();
  gym_.member(member).date_of_birth.reset();
  gym_.member(member).weight_kg.reset();
  try {
    gym_.generate(member);
    FAIL();
  } catch (const api_error& error) {
    EXPECT_EQ(error.code(), error_code::profile_incomplete);
    std::vector<std::string> pointers;
    for (const auto& field : error.fields()) pointers.push_back(field.pointer);
    EXPECT_EQ(pointers, (std::vector<std::string>{"/level", "/dateOfBirth", "/weightKg"}));
  }
  EXPECT_EQ(gym_.service.calls, 0);
}

TEST_F(planning_test, those_who_ask_at_the_same_time_get_the_same_plan) {
  const auto member = gym_.add_member();
  gym_.service.held = true;
  std::vector<std::future<plan_answer>> waiting;
  for (int i = 0; i < 5; ++i) {
    waiting.push_back(
        gym_.start(gym_.plans.generate(member, {.force_refresh = true}, gym_.new_id(), gym_.time.steady() + 25s)));
  }
  gym_.let_begin();
  gym_.service.released.fire(0);
  std::set<uuid> plans;
  for (auto& one : waiting) plans.insert(one.get().plan.id);
  EXPECT_EQ(plans.size(), 1U);
  EXPECT_EQ(gym_.service.calls, 1);
  EXPECT_EQ(gym_.run(gym_.kept.count_of(member)), 1U);
}

TEST_F(planning_test, the_same_request_repeated_meets_its_own_plan) {
  const auto member = gym_.add_member();
  const auto id = gym_.new_id();
  const auto deadline = gym_.time.steady() + 25s;
  const auto first = gym_.run(gym_.plans.generate(member, {.force_refresh = true}, id, deadline));
  const auto again = gym_.run(gym_.plans.generate(member, {.force_refresh = true}, id, deadline));
  EXPECT_EQ(first.plan.id, again.plan.id);
  EXPECT_EQ(gym_.run(gym_.kept.count_of(member)), 1U);
}

TEST_F(planning_test, exactly_one_plan_is_active_after_many_replacements_at_once) {
  const auto member = gym_.add_member();
  std::vector<std::future<workout_plan>> writes;
  for (int i = 0; i < 4; ++i) {
    workout_plan plan;
    plan.id = gym_.new_id();
    plan.member_id = member;
    plan.created_at = gym_.time.now();
    writes.push_back(gym_.start(gym_.kept.activate(plan)));
    gym_.time.advance(1ms);
  }
  int written = 0;
  for (auto& one : writes) {
    try {
      one.get();
      ++written;
    } catch (const store::error& error) {
      EXPECT_TRUE(error.is(store::failure::busy));
    }
  }
  EXPECT_GT(written, 0);
  const auto active = gym_.run(gym_.kept.active_of(member));
  ASSERT_TRUE(active);
  EXPECT_EQ(active->state, plan_state::active);
}

TEST_F(planning_test, a_replacement_cut_short_is_completed_by_the_next_reader) {
  const auto member = gym_.add_member();
  const auto old = gym_.generate(member);
  store::collection<workout_plan> raw{gym_.database};
  gym_.time.advance(1h);
  workout_plan next;
  next.id = gym_.new_id();
  next.member_id = member;
  next.created_at = gym_.time.now();
  gym_.run(raw.insert(next));
  EXPECT_EQ(gym_.run(gym_.plans.active(member)).id, next.id);
  EXPECT_EQ(gym_.run(raw.get(old.plan.id)).state, plan_state::retired);
  EXPECT_EQ(gym_.run(raw.get(next.id)).state, plan_state::active);
}

TEST_F(planning_test, putting_a_plan_away_is_for_its_owner_and_happens_once) {
  const auto member = gym_.add_member();
  const auto stranger = gym_.add_member();
  const auto plan = gym_.generate(member).plan.id;
  EXPECT_EQ(code_of([&] { gym_.run(gym_.plans.withdraw(stranger, plan)); }), error_code::plan_not_found);
  gym_.run(gym_.plans.withdraw(member, plan));
  EXPECT_EQ(code_of([&] { gym_.run(gym_.plans.withdraw(member, plan)); }), error_code::plan_not_found);
  EXPECT_EQ(code_of([&] { gym_.run(gym_.plans.active(member)); }), error_code::plan_not_found);
}

TEST_F(planning_test, status_tells_how_the_plan_stands) {
  const auto member = gym_.add_member();
  auto status = gym_.run(gym_.plans.status(member));
  EXPECT_FALSE(status.current);
  EXPECT_TRUE(status.missing.empty());
  gym_.generate(member);
  status = gym_.run(gym_.plans.status(member));
  ASSERT_TRUE(status.current);
  EXPECT_FALSE(status.needs_refresh);
  gym_.member(member).goal = training_goal::maintenance;
  EXPECT_TRUE(gym_.run(gym_.plans.status(member)).needs_refresh);
  gym_.member(member).goal = training_goal::muscle_building;
  gym_.time.advance(14 * 24h);
  status = gym_.run(gym_.plans.status(member));
  EXPECT_TRUE(status.needs_refresh);
  EXPECT_FALSE(status.expired);
  gym_.time.advance(14 * 24h);
  EXPECT_TRUE(gym_.run(gym_.plans.status(member)).expired);
}

TEST_F(planning_test, a_plan_asked_for_without_waiting_is_made_by_the_event) {
  const auto member = gym_.add_member();
  const auto request = gym_.run(gym_.plans.request(member, {.weekly_workout_days = 4}, gym_.new_id()));
  EXPECT_EQ(request.state, plan_request_state::pending);
  const auto second = gym_.run(gym_.plans.request(member, {}, gym_.new_id()));
  EXPECT_EQ(second.request_id, request.request_id) << "one at a time";

  const plan_requested event{member, request.request_id};
  gym_.run(gym_.plans.fulfil(event));
  gym_.run(gym_.plans.fulfil(event));
  const auto status = gym_.run(gym_.plans.status(member));
  ASSERT_TRUE(status.request && status.current);
  EXPECT_EQ(status.request->state, plan_request_state::done);
  EXPECT_EQ(status.request->plan_id, status.current->id);
  EXPECT_EQ(status.current->content.days.size(), 4U);
  EXPECT_EQ(gym_.run(gym_.kept.count_of(member)), 1U);
}

TEST_F(planning_test, a_plan_that_cannot_be_made_is_noted_in_its_request) {
  gym_.service.fails = true;
  const auto member = gym_.add_member({"epilepsy"});
  gym_.consent(member);
  const auto request = gym_.run(gym_.plans.request(member, {}, gym_.new_id()));
  gym_.run(gym_.plans.fulfil({member, request.request_id}));
  const auto status = gym_.run(gym_.plans.status(member));
  ASSERT_TRUE(status.request);
  EXPECT_EQ(status.request->state, plan_request_state::failed);
  EXPECT_EQ(status.request->failed_with, "plan_service_unavailable");
}

TEST_F(planning_test, the_number_of_plans_by_source_is_counted) {
  gym_.generate(gym_.add_member());
  EXPECT_NE(gym_.metrics.render().find(R"(nxg_workout_plans_total{source="service"} 1)"), std::string::npos);
}

TEST(age_on, counts_completed_years) {
  using namespace std::chrono;
  const auto born = year_month_day{year{2000}, February, day{29}};
  EXPECT_EQ(age_on(year_month_day{year{2026}, February, day{28}}, born), 25);
  EXPECT_EQ(age_on(year_month_day{year{2026}, March, day{1}}, born), 26);
  EXPECT_EQ(age_on(year_month_day{year{2028}, February, day{29}}, born), 28);
}

}  // namespace
}  // namespace nxg::planning
