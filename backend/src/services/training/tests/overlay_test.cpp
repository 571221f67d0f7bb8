#include "services/training/overlay.hpp"

#include "services/planning/tests/library.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace nxg::training {
namespace {

class overlay : public ::testing::Test {
 protected:
  overlay() {
    plan_.days = {day(1, {"Quad_Move_0", "Ham_Move_0", "Chest_Move_0"}), day(4, {"Lat_Move_0", "Bi_Move_0"})};
    plan_.days.push_back({.day_order = 7, .day_name = "Sunday", .is_rest_day = true});
  }

  static plan_exercise entry(const std::string& id) {
    plan_exercise made;
    made.exercise_id = exercise_id_of(id);
    made.external_id = id;
    made.exercise_name = id;
    made.sets = 3;
    made.reps_min = 8;
    made.reps_max = 12;
    made.weight_kg = 40;
    return made;
  }
  static plan_day day(std::int32_t order, const std::vector<std::string>& ids) {
    plan_day made;
    made.day_order = order;
    plan_category core;
    for (const auto& id : ids) core.exercises.push_back(entry(id));
    made.categories = {core};
    return made;
  }
  static std::string key(const std::string& id) { return exercise_id_of(id).to_string(); }

  static overlay_change change(overlay_op op, std::int32_t on, const std::string& id = "") {
    static int made = 0;
    overlay_change one;
    one.id = uuid::derived_from("change " + std::to_string(++made));
    one.op = op;
    one.day_order = on;
    if (!id.empty()) one.exercise = key(id);
    return one;
  }
  static overlay_change swap(std::int32_t on, const std::string& id, const std::string& with) {
    auto one = change(overlay_op::swap, on, id);
    one.with_exercise_id = exercise_id_of(with);
    return one;
  }
  static overlay_change adjust(std::int32_t on, const std::string& id, std::int32_t sets) {
    auto one = change(overlay_op::adjust, on, id);
    one.sets = sets;
    return one;
  }

  [[nodiscard]] overlay_rules rules() const { return {library_, limits_}; }
  [[nodiscard]] merged_plan merged(const std::vector<overlay_change>& changes) const {
    return merge(plan_, changes, rules());
  }
  static const std::vector<merged_exercise>& core(const merged_plan& plan, std::size_t day) {
    return plan.days[day].categories[0].exercises;
  }
  std::vector<std::string> faults(const overlay_change& one) {
    auto days = merged({}).days;
    std::vector<std::string> found;
    for (const auto& fault : apply(days, one, rules())) found.push_back(fault.field + " " + fault.code);
    return found;
  }

  exercises::library library_{planning::small_library()};
  planning::restrictions limits_;
  plan_content plan_;
};

TEST_F(overlay, a_swap_puts_another_exercise_in_the_place_and_keeps_sets_and_repetitions) {
  const auto plan = merged({swap(1, "Quad_Move_0", "Quad_Move_1")});
  const auto& first = core(plan, 0)[0];
  EXPECT_EQ(first.exercise_id, exercise_id_of("Quad_Move_1"));
  EXPECT_EQ(first.instead_of, "Quad_Move_0");
  EXPECT_EQ(first.sets, 3);
  EXPECT_FALSE(first.weight_kg);
  EXPECT_EQ(first.changed_by, std::vector{overlay_op::swap});
  EXPECT_TRUE(plan.without_place.empty());
  EXPECT_EQ(plan_.days[0].categories[0].exercises[0].exercise_name, "Quad_Move_0");
}

TEST_F(overlay, later_changes_speak_of_what_the_earlier_ones_made) {
  const auto plan = merged({swap(1, "Quad_Move_0", "Quad_Move_1"), adjust(1, "Quad_Move_1", 5)});
  EXPECT_EQ(core(plan, 0)[0].sets, 5);
  const auto without_swap = merged({adjust(1, "Quad_Move_1", 5)});
  ASSERT_EQ(without_swap.without_place.size(), 1u);
  EXPECT_EQ(without_swap.without_place[0].reason, "not_in_plan");
}

TEST_F(overlay, reorders_a_section_and_leaves_the_rest_behind) {
  auto order = change(overlay_op::reorder, 1);
  order.order = {key("Chest_Move_0"), key("Quad_Move_0")};
  const auto plan = merged({order});
  EXPECT_EQ(core(plan, 0)[0].exercise_name, "Chest_Move_0");
  EXPECT_EQ(core(plan, 0)[1].exercise_name, "Quad_Move_0");
  EXPECT_EQ(core(plan, 0)[2].exercise_name, "Ham_Move_0");
  EXPECT_EQ(core(plan, 0)[2].exercise_order, 3);
}

TEST_F(overlay, skips_an_exercise_or_a_day) {
  const auto plan = merged({change(overlay_op::skip, 1, "Ham_Move_0"), change(overlay_op::skip, 4)});
  EXPECT_TRUE(core(plan, 0)[1].skipped);
  EXPECT_FALSE(core(plan, 0)[0].skipped);
  EXPECT_TRUE(plan.days[1].skipped);
}

TEST_F(overlay, everything_that_is_wrong_with_a_change_is_told) {
  EXPECT_EQ(faults(swap(1, "Bi_Move_0", "No_Such_Move")),
            (std::vector<std::string>{"exerciseId not_in_plan", "withExerciseId unknown_exercise"}));
  EXPECT_EQ(faults(swap(2, "Quad_Move_0", "Quad_Move_1")), (std::vector<std::string>{"dayOrder not_in_plan"}));
  EXPECT_EQ(faults(adjust(7, "Quad_Move_0", 2)), (std::vector<std::string>{"dayOrder not_in_plan"}));
  EXPECT_EQ(faults(swap(1, "Quad_Move_0", "Ham_Move_0")), (std::vector<std::string>{"withExerciseId already_in_day"}));
  auto order = change(overlay_op::reorder, 1);
  order.order = {key("Bi_Move_0"), key("Quad_Move_0")};
  EXPECT_EQ(faults(order), (std::vector<std::string>{"order/0 not_in_plan"}));
  auto timed = adjust(1, "Quad_Move_0", 2);
  timed.duration_seconds = 30;
  timed.reps_min = 15;
  EXPECT_EQ(faults(timed), (std::vector<std::string>{"durationSeconds nothing_to_adjust", "repsMin too_large"}));
}

TEST_F(overlay, what_a_condition_rules_out_cannot_be_swapped_in_and_is_left_out_of_the_plan) {
  const std::vector<std::string> conditions{"knee pain"};
  limits_ = planning::restrictions::of(conditions);
  EXPECT_EQ(faults(swap(4, "Bi_Move_0", "Quad_Move_1")), (std::vector<std::string>{"withExerciseId contraindicated"}));
  const auto plan = merged({});
  EXPECT_TRUE(core(plan, 0)[0].contraindicated);
  EXPECT_TRUE(core(plan, 0)[0].skipped);
  EXPECT_FALSE(core(plan, 0)[2].contraindicated);
}

TEST_F(overlay, with_a_condition_nobody_understands_nothing_can_be_shown_to_be_safe) {
  const std::vector<std::string> conditions{"something rare"};
  limits_ = planning::restrictions::of(conditions);
  EXPECT_EQ(faults(swap(1, "Quad_Move_0", "Quad_Move_1")),
            (std::vector<std::string>{"withExerciseId contraindicated"}));
}

TEST_F(overlay, a_swap_made_before_the_condition_loses_its_place) {
  const auto made = swap(4, "Bi_Move_0", "Quad_Move_1");
  const std::vector<std::string> conditions{"knee pain"};
  limits_ = planning::restrictions::of(conditions);
  const auto plan = merged({made});
  EXPECT_EQ(core(plan, 1)[1].exercise_name, "Bi_Move_0");
  ASSERT_EQ(plan.without_place.size(), 1u);
  EXPECT_EQ(plan.without_place[0].reason, "contraindicated");
}

TEST_F(overlay, of_two_adjustments_the_newer_counts_and_adds_to_the_older) {
  auto weight = adjust(1, "Quad_Move_0", 4);
  auto changes = with_change({adjust(4, "Bi_Move_0", 2), weight}, change(overlay_op::skip, 4));
  auto more = change(overlay_op::adjust, 1, "Quad_Move_0");
  more.weight_kg = 50;
  changes = with_change(std::move(changes), more);
  ASSERT_EQ(changes.size(), 3u);
  EXPECT_EQ(changes.back().id, more.id);
  EXPECT_EQ(changes.back().sets, 4);
  EXPECT_EQ(changes.back().weight_kg, 50);
}

TEST_F(overlay, goes_over_to_the_next_plan_where_it_has_a_place) {
  plan_content next;
  next.days = {day(2, {"Quad_Move_0", "Lat_Move_0"}), day(4, {"Lat_Move_0", "Tri_Move_0"})};
  auto order = change(overlay_op::reorder, 4);
  order.order = {key("Bi_Move_0"), key("Lat_Move_0")};
  const std::vector<overlay_change> changes{
      swap(1, "Quad_Move_0", "Quad_Move_1"),     adjust(1, "Quad_Move_1", 5), adjust(1, "Chest_Move_0", 2),
      change(overlay_op::skip, 4, "Lat_Move_0"), change(overlay_op::skip, 1), order};
  const auto carried = carry(changes, next, rules());
  ASSERT_EQ(carried.kept.size(), 4u);
  EXPECT_EQ(carried.kept[0].day_order, 2);
  EXPECT_EQ(carried.kept[1].day_order, 2);
  EXPECT_EQ(carried.kept[2].day_order, 4);
  EXPECT_EQ(carried.kept[3].order, std::vector{key("Lat_Move_0")});
  ASSERT_EQ(carried.dropped.size(), 2u);
  EXPECT_EQ(carried.dropped[0].change.id, changes[2].id);
  EXPECT_EQ(carried.dropped[1].change.id, changes[4].id);
  const auto plan = merge(next, carried.kept, rules());
  EXPECT_TRUE(plan.without_place.empty());
  EXPECT_EQ(core(plan, 0)[0].sets, 5);
  EXPECT_TRUE(core(plan, 1)[0].skipped);
}

TEST_F(overlay, remembers_what_was_in_force_with_the_plan_before) {
  workout_plan first, second;
  first.id = uuid::derived_from("first");
  second.id = uuid::derived_from("second");
  first.content = second.content = plan_;
  plan_overlay kept{.id = uuid::derived_from("member")};
  kept = fitted_to(kept, first, rules());
  EXPECT_TRUE(kept.past.empty());
  kept.changes = {adjust(1, "Quad_Move_0", 5)};
  EXPECT_EQ(fitted_to(kept, first, rules()).changes, kept.changes);
  const auto next = fitted_to(kept, second, rules());
  EXPECT_EQ(next.plan_id, second.id);
  EXPECT_EQ(next.changes.size(), 1u);
  ASSERT_EQ(next.past.size(), 1u);
  EXPECT_EQ(next.past[0].plan_id, first.id);
}

TEST_F(overlay, exercises_can_be_named_by_their_names) {
  auto days = merged({}).days;
  auto one = change(overlay_op::adjust, 1);
  one.exercise = "quad move 0";
  name_exercises(one, days, library_);
  EXPECT_EQ(one.exercise, key("Quad_Move_0"));
  EXPECT_EQ(one.exercise_name, "Quad_Move_0");
}

}  // namespace
}  // namespace nxg::training
