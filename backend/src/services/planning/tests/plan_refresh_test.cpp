#include "services/planning/plan_refresh.hpp"

#include "services/planning/tests/support.hpp"

#include <gtest/gtest.h>

namespace nxg::planning {
namespace {

using namespace std::chrono_literals;

class plan_refreshing : public ::testing::Test, public planning_fixture {
 protected:
  plan_refreshing() {
    run(store::prepare(database));
    advance_to_two();
  }

  /// The next 02:00 UTC.
  void advance_to_two() {
    const auto today = std::chrono::floor<std::chrono::days>(time.now() - 2h);
    time.advance(std::chrono::duration_cast<std::chrono::milliseconds>(instant{today} + 26h - time.now()));
  }
  workout_plan active(uuid member) { return *run(kept.active_of(member)); }
  void step() { run(refresh.step()); }
  job_run checkpoint() { return *run(runs.find("plan_refresh")); }

  repositories::job_runs runs{database};
  plan_refresh refresh{
      {.plans = plans, .kept = kept, .runs = runs, .time = time, .metrics = metrics, .log = telemetry::logger::none()},
      {.calls = 2, .page = 2}};
};

TEST_F(plan_refreshing, replaces_what_is_due_and_nothing_else) {
  const auto old = add_member();
  const auto before = generate(old).plan;
  time.advance(14 * 24h);
  const auto young = add_member();
  const auto kept_plan = generate(young).plan;
  advance_to_two();
  step();
  EXPECT_EQ(active(young).id, kept_plan.id);
  const auto after = active(old);
  EXPECT_NE(after.id, before.id);
  EXPECT_EQ(after.refreshes, before.id);
  EXPECT_EQ(after.source, plan_source::service);
  EXPECT_EQ(service.last_urgency.load(), integrations::urgency::background);
  EXPECT_TRUE(checkpoint().finished_at);
}

TEST_F(plan_refreshing, a_goal_that_changed_makes_a_plan_due_at_once) {
  const auto member = add_member();
  const auto before = generate(member).plan;
  this->member(member).goal = training_goal::weight_loss;
  advance_to_two();
  step();
  EXPECT_NE(active(member).id, before.id);
  EXPECT_EQ(active(member).basis.goal, training_goal::weight_loss);
}

TEST_F(plan_refreshing, a_plan_never_goes_before_its_successor_is_there_and_is_tried_again_later) {
  const auto member = add_member();
  const auto before = generate(member).plan;
  time.advance(14 * 24h);
  service.fails = true;
  advance_to_two();
  step();
  EXPECT_EQ(active(member).id, before.id);
  EXPECT_EQ(active(member).created_at, before.created_at);
  EXPECT_TRUE(active(member).last_attempt_at);
  EXPECT_EQ(checkpoint().failed, 1);
  const int calls = service.calls;
  time.advance(1h);
  step();
  EXPECT_EQ(service.calls, calls);
  service.fails = false;
  time.advance(5h);
  step();
  EXPECT_NE(active(member).id, before.id);
  EXPECT_EQ(checkpoint().passes, 2);
}

TEST_F(plan_refreshing, what_failed_shortly_before_the_run_is_tried_again_the_same_day) {
  const auto member = add_member();
  const auto before = generate(member).plan;
  this->member(member).goal = training_goal::weight_loss;
  service.fails = true;
  time.advance(23h);
  EXPECT_EQ(run(plans.refresh(member)), refresh_outcome::kept);
  service.fails = false;
  advance_to_two();
  step();
  EXPECT_EQ(active(member).id, before.id);
  EXPECT_EQ(checkpoint().failed, 1);
  time.advance(6h);
  step();
  EXPECT_NE(active(member).id, before.id);
  EXPECT_EQ(checkpoint().failed, 0);
}

TEST_F(plan_refreshing, leaves_the_quota_to_people_and_goes_on_where_it_ended) {
  std::vector<uuid> all;
  std::vector<uuid> before;
  for (int i = 0; i < 5; ++i) {
    all.push_back(add_member());
    before.push_back(generate(all.back()).plan.id);
  }
  time.advance(14 * 24h);
  advance_to_two();
  const auto replaced = [&] {
    int count = 0;
    for (std::size_t i = 0; i < all.size(); ++i) count += active(all[i]).id != before[i] ? 1 : 0;
    return count;
  };
  step();
  EXPECT_EQ(replaced(), 2);
  service.exhausted = true;
  step();
  EXPECT_EQ(replaced(), 2);
  EXPECT_FALSE(checkpoint().finished_at);
  service.exhausted = false;
  step();
  step();
  step();
  EXPECT_EQ(replaced(), 5);
  EXPECT_TRUE(checkpoint().finished_at);
  EXPECT_EQ(checkpoint().done, 5);
  // Once a day.
  const int calls = service.calls;
  step();
  EXPECT_EQ(service.calls, calls);
}

TEST_F(plan_refreshing, what_the_member_must_not_do_any_more_is_replaced_by_rules_where_the_service_cannot_help) {
  const auto member = add_member();
  const auto before = generate(member).plan;
  service.fails = true;
  this->member(member).health_conditions =
      schema::encrypted<health_notes>{health_notes{std::vector<schema::text<1, 100>>{"knee pain"}}};
  advance_to_two();
  step();
  EXPECT_NE(active(member).id, before.id);
  EXPECT_EQ(active(member).source, plan_source::rules);
}

TEST_F(plan_refreshing, a_profile_with_gaps_keeps_its_plan) {
  const auto member = add_member();
  const auto before = generate(member).plan;
  time.advance(14 * 24h);
  this->member(member).level.reset();
  advance_to_two();
  step();
  EXPECT_EQ(active(member).id, before.id);
  EXPECT_TRUE(checkpoint().finished_at);
}

}  // namespace
}  // namespace nxg::planning
