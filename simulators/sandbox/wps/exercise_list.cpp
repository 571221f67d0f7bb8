#include "sandbox/wps/exercise_list.hpp"

#include "schema/json.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <string_view>

namespace nxg::sandbox::wps {
namespace {

// Of a row of the file what the service needs; the rest is ignored.
struct source_row {
  std::string id;
  std::string name;
  std::string category;
  std::string level;
  std::optional<std::string> mechanic;
  std::optional<std::string> equipment;
  std::vector<std::string> primary_muscles;
};
BOOST_DESCRIBE_STRUCT(source_row, (), (id, name, category, level, mechanic, equipment, primary_muscles))

std::optional<difficulty> difficulty_of(std::string_view level) {
  if (level == "beginner") return difficulty::beginner;
  if (level == "intermediate") return difficulty::intermediate;
  if (level == "expert") return difficulty::advanced;
  return std::nullopt;
}

std::optional<known_exercise> known(const source_row& row) {
  const auto level = difficulty_of(row.level);
  if (!level || row.id.empty() || row.name.empty() || row.primary_muscles.empty()) return std::nullopt;
  return known_exercise{row.id,
                        row.name,
                        row.category,
                        *level,
                        row.equipment.value_or("body only"),
                        row.primary_muscles.front(),
                        row.mechanic == "compound"};
}

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace

std::vector<known_exercise> built_in_exercises() {
  using enum difficulty;
  return {
      {"All_Fours_Quad_Stretch", "All Fours Quad Stretch", "stretching", intermediate, "body only", "quadriceps",
       false},
      {"Arnold_Dumbbell_Press", "Arnold Dumbbell Press", "strength", intermediate, "dumbbell", "shoulders", true},
      {"Barbell_Bench_Press_-_Medium_Grip", "Barbell Bench Press - Medium Grip", "strength", beginner, "barbell",
       "chest", true},
      {"Barbell_Curl", "Barbell Curl", "strength", beginner, "barbell", "biceps", false},
      {"Barbell_Deadlift", "Barbell Deadlift", "strength", intermediate, "barbell", "lower back", true},
      {"Barbell_Full_Squat", "Barbell Full Squat", "strength", intermediate, "barbell", "quadriceps", true},
      {"Barbell_Hip_Thrust", "Barbell Hip Thrust", "powerlifting", intermediate, "barbell", "glutes", true},
      {"Barbell_Incline_Bench_Press_-_Medium_Grip", "Barbell Incline Bench Press - Medium Grip", "strength", beginner,
       "barbell", "chest", true},
      {"Barbell_Lunge", "Barbell Lunge", "strength", intermediate, "barbell", "quadriceps", true},
      {"Barbell_Shoulder_Press", "Barbell Shoulder Press", "strength", intermediate, "barbell", "shoulders", true},
      {"Barbell_Squat", "Barbell Squat", "strength", beginner, "barbell", "quadriceps", true},
      {"Bench_Dips", "Bench Dips", "strength", beginner, "body only", "triceps", true},
      {"Bent_Over_Barbell_Row", "Bent Over Barbell Row", "strength", beginner, "barbell", "middle back", true},
      {"Bicycling_Stationary", "Bicycling, Stationary", "cardio", beginner, "machine", "quadriceps", false},
      {"Bodyweight_Squat", "Bodyweight Squat", "strength", beginner, "body only", "quadriceps", true},
      {"Butt_Lift_Bridge", "Butt Lift (Bridge)", "strength", beginner, "body only", "glutes", false},
      {"Butterfly", "Butterfly", "strength", beginner, "machine", "chest", false},
      {"Cable_Crossover", "Cable Crossover", "strength", beginner, "cable", "chest", false},
      {"Cable_Crunch", "Cable Crunch", "strength", beginner, "cable", "abdominals", false},
      {"Chest_And_Front_Of_Shoulder_Stretch", "Chest And Front Of Shoulder Stretch", "stretching", beginner, "other",
       "chest", false},
      {"Childs_Pose", "Child's Pose", "stretching", beginner, "body only", "lower back", false},
      {"Chin-Up", "Chin-Up", "strength", beginner, "body only", "lats", true},
      {"Close-Grip_Barbell_Bench_Press", "Close-Grip Barbell Bench Press", "strength", beginner, "barbell", "triceps",
       true},
      {"Concentration_Curls", "Concentration Curls", "strength", beginner, "dumbbell", "biceps", false},
      {"Crunches", "Crunches", "strength", beginner, "body only", "abdominals", false},
      {"Dead_Bug", "Dead Bug", "strength", beginner, "body only", "abdominals", true},
      {"Dumbbell_Bench_Press", "Dumbbell Bench Press", "strength", beginner, "dumbbell", "chest", true},
      {"Dumbbell_Bicep_Curl", "Dumbbell Bicep Curl", "strength", beginner, "dumbbell", "biceps", false},
      {"Dumbbell_Flyes", "Dumbbell Flyes", "strength", beginner, "dumbbell", "chest", false},
      {"Dumbbell_Lunges", "Dumbbell Lunges", "strength", beginner, "dumbbell", "quadriceps", true},
      {"Dumbbell_Shoulder_Press", "Dumbbell Shoulder Press", "strength", intermediate, "dumbbell", "shoulders", true},
      {"Dumbbell_Shrug", "Dumbbell Shrug", "strength", beginner, "dumbbell", "traps", false},
      {"Elliptical_Trainer", "Elliptical Trainer", "cardio", intermediate, "machine", "quadriceps", false},
      {"Face_Pull", "Face Pull", "strength", intermediate, "cable", "shoulders", true},
      {"Front_Dumbbell_Raise", "Front Dumbbell Raise", "strength", beginner, "dumbbell", "shoulders", false},
      {"Goblet_Squat", "Goblet Squat", "strength", beginner, "kettlebells", "quadriceps", true},
      {"Hack_Squat", "Hack Squat", "strength", beginner, "machine", "quadriceps", true},
      {"Hammer_Curls", "Hammer Curls", "strength", beginner, "dumbbell", "biceps", false},
      {"Hyperextensions_Back_Extensions", "Hyperextensions (Back Extensions)", "strength", beginner, "other",
       "lower back", false},
      {"Incline_Dumbbell_Press", "Incline Dumbbell Press", "strength", beginner, "dumbbell", "chest", true},
      {"Inverted_Row", "Inverted Row", "strength", beginner, "body only", "middle back", true},
      {"Leg_Extensions", "Leg Extensions", "strength", beginner, "machine", "quadriceps", false},
      {"Leg_Press", "Leg Press", "strength", beginner, "machine", "quadriceps", true},
      {"Lying_Leg_Curls", "Lying Leg Curls", "strength", beginner, "machine", "hamstrings", false},
      {"Machine_Bench_Press", "Machine Bench Press", "strength", beginner, "machine", "chest", true},
      {"Machine_Shoulder_Military_Press", "Machine Shoulder (Military) Press", "strength", beginner, "machine",
       "shoulders", true},
      {"One-Arm_Dumbbell_Row", "One-Arm Dumbbell Row", "strength", beginner, "dumbbell", "middle back", true},
      {"Plank", "Plank", "strength", beginner, "body only", "abdominals", false},
      {"Preacher_Curl", "Preacher Curl", "strength", beginner, "barbell", "biceps", false},
      {"Pullups", "Pullups", "strength", beginner, "body only", "lats", true},
      {"Pushups", "Pushups", "strength", beginner, "body only", "chest", true},
      {"Recumbent_Bike", "Recumbent Bike", "cardio", beginner, "machine", "quadriceps", false},
      {"Reverse_Crunch", "Reverse Crunch", "strength", beginner, "body only", "abdominals", false},
      {"Romanian_Deadlift", "Romanian Deadlift", "strength", intermediate, "barbell", "hamstrings", true},
      {"Rowing_Stationary", "Rowing, Stationary", "cardio", intermediate, "machine", "quadriceps", false},
      {"Russian_Twist", "Russian Twist", "strength", intermediate, "body only", "abdominals", true},
      {"Seated_Cable_Rows", "Seated Cable Rows", "strength", beginner, "cable", "middle back", true},
      {"Seated_Leg_Curl", "Seated Leg Curl", "strength", beginner, "machine", "hamstrings", false},
      {"Shoulder_Stretch", "Shoulder Stretch", "stretching", beginner, "body only", "shoulders", false},
      {"Side_Lateral_Raise", "Side Lateral Raise", "strength", beginner, "dumbbell", "shoulders", false},
      {"Standing_Calf_Raises", "Standing Calf Raises", "strength", beginner, "machine", "calves", false},
      {"Standing_Hamstring_and_Calf_Stretch", "Standing Hamstring and Calf Stretch", "stretching", beginner, "other",
       "hamstrings", false},
      {"Triceps_Pushdown", "Triceps Pushdown", "strength", beginner, "cable", "triceps", false},
      {"Triceps_Stretch", "Triceps Stretch", "stretching", beginner, "body only", "triceps", false},
      {"Walking_Treadmill", "Walking, Treadmill", "cardio", beginner, "machine", "quadriceps", false},
      {"Wide-Grip_Lat_Pulldown", "Wide-Grip Lat Pulldown", "strength", beginner, "cable", "lats", true},
  };
}

std::vector<known_exercise> read_exercises(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  if (!in) throw unreadable_list{"cannot read " + file.string()};
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  const auto rows = schema::try_from_json<std::vector<schema::any_json>>(text);
  if (!rows) throw unreadable_list{file.string() + " is no JSON array"};
  std::vector<known_exercise> list;
  for (const auto& row : *rows) {
    const auto read = schema::try_from_json<source_row>(row.value(), schema::unknown::ignored);
    if (!read) continue;
    if (auto one = known(*read)) list.push_back(std::move(*one));
  }
  if (list.empty()) throw unreadable_list{file.string() + " holds no exercise"};
  std::ranges::sort(list, {}, &known_exercise::id);
  return list;
}

muscle_group group_of(const known_exercise& exercise) {
  if (exercise.category == "cardio") return muscle_group::cardio;
  const std::string_view muscle = exercise.muscle;
  if (muscle == "chest") return muscle_group::chest;
  if (muscle == "shoulders") return muscle_group::shoulders;
  if (muscle == "abdominals") return muscle_group::core;
  if (one_of(muscle, {"biceps", "triceps", "forearms"})) return muscle_group::arms;
  if (one_of(muscle, {"lats", "middle back", "lower back", "traps", "neck"})) return muscle_group::back;
  return muscle_group::legs;
}

std::string label_of(muscle_group group) {
  constexpr std::array<std::string_view, 7> labels{"Chest", "Back", "Legs", "Shoulders", "Arms", "Core", "Cardio"};
  return std::string{labels.at(static_cast<std::size_t>(group))};
}

}  // namespace nxg::sandbox::wps
