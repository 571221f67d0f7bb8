#include "services/planning/exercise_picker.hpp"

#include "models/words.hpp"

#include <algorithm>
#include <array>

namespace nxg::planning {
namespace {

// The library has many curiosities; a plan of exercises nobody can show a beginner helps nobody.
constexpr std::array<std::string_view, 74> staples{
    "Air_Bike",
    "Arnold_Dumbbell_Press",
    "Barbell_Bench_Press_-_Medium_Grip",
    "Barbell_Curl",
    "Barbell_Deadlift",
    "Barbell_Full_Squat",
    "Barbell_Hip_Thrust",
    "Barbell_Incline_Bench_Press_-_Medium_Grip",
    "Barbell_Lunge",
    "Barbell_Shoulder_Press",
    "Barbell_Shrug",
    "Barbell_Squat",
    "Bench_Dips",
    "Bent_Over_Barbell_Row",
    "Bent_Over_Two-Dumbbell_Row",
    "Bicycling_Stationary",
    "Bodyweight_Squat",
    "Butt_Lift_Bridge",
    "Butterfly",
    "Cable_Crossover",
    "Cable_Crunch",
    "Childs_Pose",
    "Chin-Up",
    "Close-Grip_Barbell_Bench_Press",
    "Concentration_Curls",
    "Crunches",
    "Dead_Bug",
    "Dumbbell_Bench_Press",
    "Dumbbell_Bicep_Curl",
    "Dumbbell_Flyes",
    "Dumbbell_Lunges",
    "Dumbbell_Shoulder_Press",
    "Dumbbell_Shrug",
    "Dumbbell_Squat",
    "EZ-Bar_Skullcrusher",
    "Elliptical_Trainer",
    "Face_Pull",
    "Front_Dumbbell_Raise",
    "Glute_Kickback",
    "Goblet_Squat",
    "Hack_Squat",
    "Hammer_Curls",
    "Hanging_Leg_Raise",
    "Hyperextensions_Back_Extensions",
    "Incline_Dumbbell_Press",
    "Inverted_Row",
    "Leg_Extensions",
    "Leg_Press",
    "Lying_Leg_Curls",
    "Machine_Bench_Press",
    "Machine_Shoulder_Military_Press",
    "One-Arm_Dumbbell_Row",
    "Plank",
    "Preacher_Curl",
    "Pullups",
    "Pushups",
    "Recumbent_Bike",
    "Reverse_Crunch",
    "Romanian_Deadlift",
    "Rowing_Stationary",
    "Russian_Twist",
    "Seated_Cable_Rows",
    "Seated_Calf_Raise",
    "Seated_Leg_Curl",
    "Side_Lateral_Raise",
    "Single_Leg_Glute_Bridge",
    "Standing_Calf_Raises",
    "Straight-Arm_Pulldown",
    "Thigh_Abductor",
    "Thigh_Adductor",
    "Triceps_Pushdown",
    "Triceps_Pushdown_-_Rope_Attachment",
    "Walking_Treadmill",
    "Wide-Grip_Lat_Pulldown",
};
static_assert(std::ranges::is_sorted(staples));

bool common_equipment(equipment_kind kind) {
  switch (kind) {
    case equipment_kind::body_only:
    case equipment_kind::barbell:
    case equipment_kind::dumbbell:
    case equipment_kind::cable:
    case equipment_kind::machine: return true;
    case equipment_kind::e_z_curl_bar:
    case equipment_kind::kettlebells:
    case equipment_kind::bands:
    case equipment_kind::medicine_ball:
    case equipment_kind::exercise_ball:
    case equipment_kind::foam_roll:
    case equipment_kind::other: return false;
  }
  return false;
}

template <class Values, class Value>
bool holds(const Values& values, const Value& value) {
  return std::ranges::find(values, value) != std::ranges::end(values);
}

bool avoided(std::string_view name, std::string_view external_id, const plan_preferences& wishes) {
  return std::ranges::any_of(wishes.avoid_exercises, [&](const std::string& text) {
    const auto words = plain_words(text);
    return !words.empty() && (words == plain_words(name) || words == plain_words(external_id));
  });
}

}  // namespace

bool is_staple(std::string_view external_id) { return std::ranges::binary_search(staples, external_id); }

exercise_picker::exercise_picker(const training_need& need, const restrictions& limits,
                                 std::span<const exercise> library)
    : need_{need}, limits_{limits}, library_{library} {}

const std::vector<const exercise*>& exercise_picker::candidates() {
  if (!candidates_.empty()) return candidates_;
  for (const auto& candidate : library_) {
    if (!candidate.primary_muscles.empty() && suits(candidate)) candidates_.push_back(&candidate);
  }
  std::ranges::sort(candidates_, {}, &exercise::external_id);
  return candidates_;
}

bool exercise_picker::suits(const exercise& candidate) const {
  return candidate.difficulty <= need_.level && limits_.allows(candidate) &&
         !avoided(candidate.name, candidate.external_id, need_.preferences);
}

bool exercise_picker::suits(const plan_exercise& unknown) const {
  return unknown.difficulty.value_or(need_.level) <= need_.level && limits_.allows_unknown() &&
         !avoided(unknown.exercise_name, unknown.external_id, need_.preferences);
}

int exercise_picker::score(const exercise& candidate, const slot* wanted) const {
  int points = 0;
  if (is_staple(candidate.external_id)) points += 6;
  if (!week_.contains(&candidate)) points += 5;
  if (candidate.equipment && holds(need_.preferences.preferred_equipment, *candidate.equipment)) points += 12;
  if (candidate.equipment && common_equipment(*candidate.equipment)) points += 2;
  if (candidate.difficulty == need_.level) points += 1;
  if (wanted != nullptr) {
    if (candidate.mechanic == wanted->mechanic) points += 4;
    if (candidate.primary_muscles.front() == wanted->muscles.front()) points += 2;
  }
  return points;
}

template <class Suits>
const exercise* exercise_picker::best(Suits suits, const slot* wanted) {
  const exercise* chosen = nullptr;
  int most = -1;
  for (const auto* candidate : candidates()) {
    if (today_.contains(candidate) || !suits(*candidate)) continue;
    if (const auto points = score(*candidate, wanted); points > most) {
      most = points;
      chosen = candidate;
    }
  }
  if (chosen != nullptr) {
    today_.insert(chosen);
    week_.insert(chosen);
  }
  return chosen;
}

const exercise* exercise_picker::for_slot(const slot& wanted) {
  return best(
      [&](const exercise& e) {
        return e.category == exercise_category::strength && holds(wanted.muscles, e.primary_muscles.front());
      },
      &wanted);
}

const exercise* exercise_picker::any_strength() {
  return best([](const exercise& e) { return e.category == exercise_category::strength; }, nullptr);
}

const exercise* exercise_picker::cardio() {
  return best(
      [](const exercise& e) {
        return e.category == exercise_category::cardio && e.equipment == equipment_kind::machine;
      },
      nullptr);
}

const exercise* exercise_picker::stretch(std::span<const muscle> muscles) {
  return best(
      [&](const exercise& e) {
        return e.category == exercise_category::stretching && holds(muscles, e.primary_muscles.front());
      },
      nullptr);
}

}  // namespace nxg::planning
