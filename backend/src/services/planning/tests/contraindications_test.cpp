#include "services/planning/contraindications.hpp"

#include "services/planning/tests/library.hpp"

#include <gtest/gtest.h>

namespace nxg::planning {
namespace {

using conditions = std::vector<std::string>;

std::vector<std::string_view> applied(const conditions& given) {
  const auto limits = restrictions::of(given);
  std::vector<std::string_view> names;
  for (const auto* rule : limits.applied()) names.push_back(rule->condition);
  return names;
}

TEST(restrictions, understand_a_condition_in_usual_words) {
  for (const auto* text : {"knee pain", "Knee Pain", "  KNEE-PAIN ", "mild knee pain", "bad knees", "Runner's knee",
                           "chronic pain? no: knee pain"}) {
    const auto limits = restrictions::of(conditions{text});
    ASSERT_FALSE(limits.applied().empty()) << text;
    EXPECT_EQ(limits.applied().front()->condition, "knee pain") << text;
  }
}

TEST(restrictions, several_conditions_in_one_text_all_count) {
  EXPECT_EQ(applied({"knee pain and asthma"}), (std::vector<std::string_view>{"knee pain", "asthma"}));
  EXPECT_TRUE(restrictions::of(conditions{"knee pain and asthma"}).understood());
}

TEST(restrictions, whatever_is_not_wholly_understood_is_said_to_be_not_understood) {
  for (const auto* text : {"epilepsy", "knee pain and vertigo", "severe asthma", "no knee pain", "knee replacement",
                           "pregnant", "heart disease", "膝盖痛", "hypertension after stroke"}) {
    const auto limits = restrictions::of(conditions{text});
    EXPECT_FALSE(limits.understood()) << text;
    EXPECT_EQ(limits.not_understood(), conditions{text}) << text;
    EXPECT_FALSE(limits.allows_unknown()) << text;
  }
}

TEST(restrictions, saying_that_there_is_nothing_restricts_nothing) {
  for (const auto* text : {"none", "None.", "N/A", "no", " "}) {
    const auto limits = restrictions::of(conditions{text});
    EXPECT_TRUE(limits.understood()) << text;
    EXPECT_TRUE(limits.applied().empty()) << text;
    EXPECT_TRUE(limits.allows_unknown()) << text;
  }
}

TEST(restrictions, rule_out_by_primary_and_by_secondary_muscle) {
  const auto limits = restrictions::of(conditions{"lower back pain"});
  EXPECT_FALSE(limits.allows(make_exercise({.id = "Some_Extension", .primary = muscle::lower_back})));
  EXPECT_FALSE(
      limits.allows(make_exercise({.id = "Some_Pull", .primary = muscle::lats, .secondary = {muscle::lower_back}})));
  EXPECT_TRUE(limits.allows(make_exercise({.id = "Some_Curl", .primary = muscle::biceps})));
}

TEST(restrictions, rule_out_by_the_beginning_of_a_word_of_the_name) {
  const auto limits = restrictions::of(conditions{"ankle sprain"});
  EXPECT_FALSE(limits.allows(make_exercise({.id = "Box_Jumping_Jacks", .primary = muscle::abdominals})));
  EXPECT_FALSE(limits.allows(make_exercise({.id = "Running_in_Place", .primary = muscle::abdominals})));
  // "run" is inside a word here, not its beginning.
  EXPECT_TRUE(limits.allows(make_exercise({.id = "Trunk_Hold", .primary = muscle::abdominals})));
}

TEST(restrictions, high_blood_pressure_rules_out_holds_explosive_categories_and_hard_exercises) {
  const auto limits = restrictions::of(conditions{"Hypertension"});
  auto hold = make_exercise({.id = "Wall_Something", .primary = muscle::quadriceps});
  EXPECT_TRUE(limits.allows(hold));
  hold.force = force_kind::isometric;
  EXPECT_FALSE(limits.allows(hold));
  EXPECT_FALSE(limits.allows(
      make_exercise({.id = "Lift", .primary = muscle::glutes, .category = exercise_category::powerlifting})));
  EXPECT_FALSE(limits.allows(
      make_exercise({.id = "Lift", .primary = muscle::glutes, .difficulty = difficulty_level::intermediate})));
}

TEST(restrictions, every_phrase_of_the_table_leads_to_its_own_rule) {
  for (const auto& rule : contraindication_table()) {
    for (const auto phrase : rule.phrases) {
      EXPECT_EQ(applied({std::string{phrase}}), std::vector<std::string_view>{rule.condition}) << phrase;
    }
  }
}

}  // namespace
}  // namespace nxg::planning
