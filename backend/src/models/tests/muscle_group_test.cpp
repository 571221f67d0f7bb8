#include "models/muscle_group.hpp"

#include "models/weekday.hpp"
#include "models/words.hpp"

#include <gtest/gtest.h>

namespace nxg {
namespace {

TEST(plain_words, bring_spellings_together) {
  EXPECT_EQ(plain_words("E-Z  Curl_Bar"), "e z curl bar");
  EXPECT_EQ(plain_words("  (Legs!) "), "legs");
  EXPECT_EQ(plain_words("Écarté"), "Écarté");
  EXPECT_EQ(plain_words(" .,- "), "");
}

TEST(muscle_group_named, understands_groups_muscles_and_usual_words_in_any_case) {
  EXPECT_EQ(muscle_group_named("Chest"), muscle_group::chest);
  EXPECT_EQ(muscle_group_named("CHEST"), muscle_group::chest);
  EXPECT_EQ(muscle_group_named("lower_back"), muscle_group::back);
  EXPECT_EQ(muscle_group_named("Lat"), muscle_group::back);
  EXPECT_EQ(muscle_group_named("Upper-Legs"), muscle_group::legs);
  EXPECT_EQ(muscle_group_named("quadriceps"), muscle_group::legs);
  EXPECT_EQ(muscle_group_named("Delts"), muscle_group::shoulders);
  EXPECT_EQ(muscle_group_named("forearms"), muscle_group::arms);
  EXPECT_EQ(muscle_group_named("ABS"), muscle_group::core);
  EXPECT_EQ(muscle_group_named("HIIT"), muscle_group::cardio);
}

TEST(muscle_group_named, does_not_guess) {
  for (const auto* text : {"", "ears", "chestnut", "back pain", "legs legs"})
    EXPECT_FALSE(muscle_group_named(text)) << text;
}

TEST(muscle_groups, every_label_names_its_group) {
  for (const auto group : all_muscle_groups) EXPECT_EQ(muscle_group_named(label_of(group)), group);
}

TEST(weekdays, are_read_back_as_they_are_named) {
  for (std::int32_t day = 1; day <= 7; ++day) EXPECT_EQ(weekday_named(weekday_name(day)), day);
  EXPECT_EQ(weekday_named("sunday"), 7);
  EXPECT_FALSE(weekday_named("someday"));
}

}  // namespace
}  // namespace nxg
