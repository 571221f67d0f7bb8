#include "services/exercises/exercise_import.hpp"

#include "coordination/in_process.hpp"
#include "services/exercises/exercise_catalogue.hpp"
#include "services/exercises/tests/real_list.hpp"
#include "services/planning/tests/support.hpp"

#include <gtest/gtest.h>

namespace nxg::exercises {
namespace {

constexpr std::string_view row =
    R"({"id":"Barbell_Curl","name":"Barbell Curl","force":"pull","level":"beginner","mechanic":"isolation",)"
    R"("equipment":"barbell","primaryMuscles":["biceps"],"secondaryMuscles":["forearms"],"instructions":["Stand.","Curl."],)"
    R"("category":"strength","images":["Barbell_Curl/0.jpg"]})";

std::string array_of(std::initializer_list<std::string_view> rows) {
  std::string text = "[";
  for (const auto one : rows) text += (text.size() > 1 ? "," : "") + std::string{one};
  return text + "]";
}

std::string changed(std::string_view from, std::string_view to, std::string_view text = row) {
  std::string copy{text};
  return copy.replace(copy.find(from), from.size(), to);
}

TEST(parse_exercises, reads_a_row_of_the_source) {
  const auto parsed = parse_exercises(array_of({row}));
  ASSERT_EQ(parsed.exercises.size(), 1U);
  const auto& one = parsed.exercises[0];
  EXPECT_EQ(one.external_id, "Barbell_Curl");
  EXPECT_EQ(one.id, exercise_id_of("Barbell_Curl"));
  EXPECT_EQ(one.force, force_kind::pull);
  EXPECT_EQ(one.equipment, equipment_kind::barbell);
  EXPECT_EQ(one.primary_muscles, std::vector{muscle::biceps});
  EXPECT_EQ(one.muscle_groups, std::vector{muscle_group::arms});
  EXPECT_EQ(one.instructions.size(), 2U);
}

TEST(parse_exercises, understands_the_words_of_the_source) {
  const auto parsed = parse_exercises(array_of({
      changed("\"beginner\"", "\"expert\""),
      changed("\"pull\"", "\"static\"", changed("Barbell_Curl\",\"name", "b\",\"name")),
      changed("\"barbell\"", "\"e-z curl bar\"", changed("Barbell_Curl\",\"name", "c\",\"name")),
      changed("\"barbell\"", "null", changed("Barbell_Curl\",\"name", "d\",\"name")),
      changed("[\"biceps\"]", "[\"lower back\"]", changed("Barbell_Curl\",\"name", "e\",\"name")),
      changed("\"strength\"", "\"olympic weightlifting\"", changed("Barbell_Curl\",\"name", "f\",\"name")),
      changed("\"strength\"", "\"cardio\",\"new\":1", changed("Barbell_Curl\",\"name", "g\",\"name")),
  }));
  ASSERT_TRUE(parsed.refused.empty()) << parsed.refused[0].reasons[0];
  EXPECT_EQ(parsed.exercises[0].difficulty, difficulty_level::advanced);
  EXPECT_EQ(parsed.exercises[1].force, force_kind::isometric);
  EXPECT_EQ(parsed.exercises[2].equipment, equipment_kind::e_z_curl_bar);
  EXPECT_FALSE(parsed.exercises[3].equipment);
  EXPECT_EQ(parsed.exercises[4].muscle_groups, std::vector{muscle_group::back});
  EXPECT_EQ(parsed.exercises[5].category, exercise_category::olympic_weightlifting);
  EXPECT_EQ(parsed.exercises[6].muscle_groups, std::vector{muscle_group::cardio});
}

TEST(parse_exercises, leaves_bad_rows_out_and_says_everything_wrong_with_each) {
  const auto parsed = parse_exercises(array_of({
      R"({"id":"No_Name","level":"beginner","category":"strength","primaryMuscles":[]})",
      row,
      R"("a string")",
      changed("[\"biceps\"]", "[\"wings\"]", changed("\"beginner\"", "\"godlike\"")),
      row,
  }));
  EXPECT_EQ(parsed.rows, 5U);
  ASSERT_EQ(parsed.exercises.size(), 1U);
  ASSERT_EQ(parsed.refused.size(), 4U);
  EXPECT_EQ(parsed.refused[0].row, 0U);
  EXPECT_EQ(parsed.refused[0].external_id, "No_Name");
  EXPECT_EQ(parsed.refused[0].reasons.size(), 2U);
  EXPECT_EQ(parsed.refused[1].row, 2U);
  EXPECT_EQ(parsed.refused[2].reasons.size(), 2U);
  EXPECT_NE(parsed.refused[3].reasons[0].find("duplicate"), std::string::npos);
}

TEST(parse_exercises, refuses_a_file_that_is_no_list) {
  for (const auto* text : {"", "{}", "[", "[1,", "null", "\xff"}) {
    EXPECT_THROW(static_cast<void>(parse_exercises(text)), unreadable_file) << text;
  }
}

TEST(import_exercises, is_the_same_when_repeated_and_brings_changes) {
  planning::planning_fixture gym;
  auto report = gym.run(import_exercises(array_of({row, R"({"id":"bad"})"}), gym.library, gym.time));
  EXPECT_EQ(report.inserted, 1U);
  EXPECT_EQ(report.refused.size(), 1U);
  report = gym.run(import_exercises(array_of({row}), gym.library, gym.time));
  EXPECT_EQ(report.inserted + report.updated, 0U);
  EXPECT_EQ(report.unchanged, 1U);
  report = gym.run(import_exercises(array_of({changed("Barbell Curl", "Curl with a Barbell")}), gym.library, gym.time));
  EXPECT_EQ(report.updated, 1U);
  gym.time.advance(std::chrono::seconds{11});
  const auto library = gym.run(gym.catalogue.current());
  EXPECT_EQ(library->find(exercise_id_of("Barbell_Curl"))->name, "Curl with a Barbell");
}

TEST(catalogue, notices_an_import_by_another_process_within_ten_seconds) {
  planning::planning_fixture gym;
  const auto before = gym.run(gym.catalogue.current());
  gym.time.advance(std::chrono::seconds{1});
  gym.run(import_exercises(array_of({row}), gym.library, gym.time));
  EXPECT_EQ(gym.run(gym.catalogue.current()), before) << "looked at a moment ago";
  gym.time.advance(std::chrono::seconds{10});
  EXPECT_EQ(gym.run(gym.catalogue.current())->all().size(), before->all().size() + 1);
}

TEST(parse_exercises, understands_every_row_of_the_real_list) {
  const auto parsed = parse_exercises(real_list());
  EXPECT_EQ(parsed.exercises.size(), 873U);
  EXPECT_TRUE(parsed.refused.empty());
}

}  // namespace
}  // namespace nxg::exercises
