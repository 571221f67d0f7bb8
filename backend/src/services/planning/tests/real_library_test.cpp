#include "services/exercises/exercise_import.hpp"
#include "services/exercises/tests/real_list.hpp"
#include "services/planning/contraindications.hpp"
#include "services/planning/exercise_picker.hpp"
#include "services/planning/rule_based_plan.hpp"

#include <gtest/gtest.h>

#include <map>

namespace nxg::planning {
namespace {

// The whole of free-exercise-db: rules are only as good as what they choose from.
class real_library : public ::testing::Test {
 protected:
  void SetUp() override {
    library_ = exercises::parse_exercises(exercises::real_list()).exercises;
    for (const auto& one : library_) by_id_.emplace(one.id, &one);
  }

  static training_need need(difficulty_level level, std::int32_t days, std::vector<std::string> conditions = {}) {
    training_need one;
    one.level = level;
    one.goal = training_goal::muscle_building;
    one.weekly_workout_days = days;
    one.health_conditions = std::move(conditions);
    return one;
  }

  template <class Visit>
  void for_each_exercise(const plan_content& plan, Visit visit) {
    for (const auto& day : plan.days) {
      for (const auto& section : day.categories) {
        for (const auto& entry : section.exercises) visit(section.category_type, *by_id_.at(*entry.exercise_id));
      }
    }
  }

  std::vector<exercise> library_;
  std::map<uuid, const exercise*> by_id_;
};

TEST_F(real_library, gives_every_healthy_member_a_plan_mostly_of_well_known_exercises) {
  for (const auto level : {difficulty_level::beginner, difficulty_level::intermediate, difficulty_level::advanced}) {
    for (std::int32_t days = 1; days <= 7; ++days) {
      const auto plan = make_rule_based_plan(need(level, days), library_);
      ASSERT_TRUE(plan) << plan.error();
      int core = 0;
      int staples = 0;
      for_each_exercise(*plan, [&](plan_section section, const exercise& one) {
        EXPECT_LE(one.difficulty, level);
        if (section != plan_section::core) return;
        ++core;
        staples += is_staple(one.external_id) ? 1 : 0;
      });
      EXPECT_GT(staples * 2, core) << "days " << days;
    }
  }
}

TEST_F(real_library, gives_those_with_common_conditions_a_plan_that_respects_them) {
  for (const auto& rule : contraindication_table()) {
    const auto asked = need(difficulty_level::beginner, 3, {std::string{rule.condition}});
    const auto plan = make_rule_based_plan(asked, library_);
    ASSERT_TRUE(plan) << rule.condition << ": " << plan.error();
    const auto limits = restrictions::of(asked.health_conditions);
    for_each_exercise(*plan, [&](plan_section, const exercise& one) {
      EXPECT_TRUE(limits.allows(one)) << rule.condition << ": " << one.name;
    });
  }
}

TEST_F(real_library, knows_every_staple) {
  std::size_t known = 0;
  for (const auto& one : library_) known += is_staple(one.external_id) ? 1 : 0;
  EXPECT_EQ(known, 74U);
}

}  // namespace
}  // namespace nxg::planning
