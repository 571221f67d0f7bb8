#include "services/planning/rule_based_plan.hpp"

#include "models/weekday.hpp"
#include "services/planning/contraindications.hpp"
#include "services/planning/exercise_picker.hpp"
#include "services/planning/splits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace nxg::planning {
namespace {

// Fewer exercises than this are no training.
constexpr std::size_t fewest_exercises = 3;
constexpr std::int32_t seconds_per_rep = 4;

struct dose {
  std::int32_t sets;
  std::int32_t reps_min;
  std::int32_t reps_max;
  std::int32_t rest_seconds;
};

// Ranges of the position stand named in the header: local endurance for losing and keeping weight, hypertrophy for
// building, the upper end of strength work for gaining. Beginners do one set less.
dose dose_for(const training_need& need) {
  const auto of_goal = [&]() -> dose {
    switch (need.goal) {
      case training_goal::weight_loss: return {3, 12, 15, 45};
      case training_goal::weight_gain: return {4, 6, 10, 120};
      case training_goal::muscle_building: return {4, 8, 12, 90};
      case training_goal::maintenance: return {3, 10, 12, 60};
    }
    return {3, 10, 12, 60};
  }();
  auto result = of_goal;
  if (need.level == difficulty_level::beginner) result.sets -= 1;
  if (!need.health_conditions.empty()) {
    // Lighter weights for longer: with a condition, effort per repetition is what has to stay low.
    result.reps_min = std::max(result.reps_min, 10);
    result.reps_max = std::max(result.reps_max, 15);
    result.rest_seconds = std::max(result.rest_seconds, 90);
  }
  return result;
}

std::string_view goal_name(training_goal goal) {
  switch (goal) {
    case training_goal::weight_loss: return "Weight Loss";
    case training_goal::weight_gain: return "Weight Gain";
    case training_goal::muscle_building: return "Muscle Building";
    case training_goal::maintenance: return "Maintenance";
  }
  return "";
}

plan_exercise described(const exercise& source) {
  plan_exercise entry;
  entry.exercise_id = source.id;
  entry.external_id = source.external_id;
  entry.exercise_name = source.name;
  if (!source.muscle_groups.empty()) entry.muscle_group = source.muscle_groups.front();
  entry.equipment = source.equipment;
  entry.difficulty = source.difficulty;
  return entry;
}

plan_exercise counted(const exercise& source, const dose& amount) {
  auto entry = described(source);
  entry.sets = amount.sets;
  // A hold is counted in seconds, not repetitions.
  if (source.force == force_kind::isometric) {
    entry.duration_seconds = 30;
  } else {
    entry.reps_min = amount.reps_min;
    entry.reps_max = amount.reps_max;
  }
  entry.rest_seconds = amount.rest_seconds;
  return entry;
}

plan_exercise timed(const exercise& source, std::int32_t sets, std::int32_t seconds, std::int32_t rest_seconds) {
  auto entry = described(source);
  entry.sets = sets;
  entry.duration_seconds = seconds;
  entry.rest_seconds = rest_seconds;
  return entry;
}

// One training day under construction.
class day_builder {
 public:
  day_builder(const training_need& need, const day_template& plan, exercise_picker& picker)
      : need_{need}, template_{plan}, picker_{picker}, amount_{dose_for(need)} {
    picker_.begin_day();
  }

  /// Nothing when too little is left of the day.
  std::optional<plan_day> build(std::int32_t weekday) {
    auto core = core_exercises();
    if (core.size() < fewest_exercises) return std::nullopt;
    if (need_.goal == training_goal::weight_loss) {
      if (const auto* finisher = picker_.cardio()) core.push_back(timed(*finisher, 1, 15 * 60, 60));
    }
    plan_day day;
    day.day_order = weekday;
    day.day_name = weekday_name(weekday);
    day.muscle_group = replaced_ > 0 ? "Adapted Training" : std::string{template_.label};
    add_section(day, plan_section::warmup, warm_up());
    add_section(day, plan_section::core, std::move(core));
    add_section(day, plan_section::cooldown, cool_down());
    day.muscle_groups = groups_in(day);
    day.estimated_minutes = estimated_minutes(day);
    return day;
  }

 private:
  std::vector<plan_exercise> core_exercises() {
    std::vector<plan_exercise> chosen;
    const auto take = [&](const exercise* picked) {
      if (picked == nullptr) return false;
      used_.push_back(picked->primary_muscles.front());
      chosen.push_back(counted(*picked, amount_));
      return true;
    };
    for (const auto& wanted : template_.slots) {
      if (!take(picker_.for_slot(wanted))) ++replaced_;
    }
    if (const auto focus = focus_slot()) take(picker_.for_slot(*focus));
    // What restrictions took away is made up for by other muscles, so that a training remains.
    for (std::size_t left = replaced_; left > 0 && chosen.size() < template_.slots.size(); --left) {
      if (!take(picker_.any_strength())) break;
    }
    return chosen;
  }

  // One more exercise for a group the member wants to see more of, on the days that train it anyway.
  [[nodiscard]] std::optional<slot> focus_slot() const {
    for (const auto& wanted : template_.slots) {
      const auto group = group_of(wanted.muscles.front());
      const auto& focus = need_.preferences.focus_areas;
      if (std::ranges::find(focus, group) != focus.end()) return slot{wanted.muscles, mechanic_kind::isolation};
    }
    return std::nullopt;
  }

  std::vector<plan_exercise> warm_up() {
    if (const auto* easy = picker_.cardio()) return {timed(*easy, 1, 5 * 60, 30)};
    if (const auto* easy = picker_.stretch(used_)) return {timed(*easy, 2, 30, 15)};
    return {};
  }

  std::vector<plan_exercise> cool_down() {
    std::vector<plan_exercise> chosen;
    while (chosen.size() < 2) {
      const auto* easy = picker_.stretch(used_);
      if (easy == nullptr) break;
      chosen.push_back(timed(*easy, 1, 30, 15));
    }
    return chosen;
  }

  static void add_section(plan_day& day, plan_section section, std::vector<plan_exercise> exercises) {
    if (exercises.empty()) return;
    std::int32_t order = 0;
    for (auto& entry : exercises) entry.exercise_order = ++order;
    const auto place = static_cast<std::int32_t>(day.categories.size()) + 1;
    day.categories.push_back({section, place, std::move(exercises)});
  }

  static std::vector<muscle_group> groups_in(const plan_day& day) {
    std::vector<muscle_group> groups;
    for (const auto& section : day.categories) {
      if (section.category_type != plan_section::core) continue;
      for (const auto& entry : section.exercises) {
        if (entry.muscle_group && std::ranges::find(groups, *entry.muscle_group) == groups.end()) {
          groups.push_back(*entry.muscle_group);
        }
      }
    }
    return groups;
  }

  static std::int32_t estimated_minutes(const plan_day& day) {
    std::int32_t seconds = 0;
    for (const auto& section : day.categories) {
      for (const auto& entry : section.exercises) {
        const auto work = entry.duration_seconds.value_or(entry.reps_max.value_or(0) * seconds_per_rep);
        seconds += entry.sets * (work + entry.rest_seconds);
      }
    }
    return std::clamp((seconds + 59) / 60, 15, 300);
  }

  const training_need& need_;
  const day_template& template_;
  exercise_picker& picker_;
  dose amount_;
  std::vector<muscle> used_;
  std::size_t replaced_ = 0;
};

}  // namespace

std::expected<plan_content, std::string> make_rule_based_plan(const training_need& need,
                                                              std::span<const exercise> library) {
  const auto limits = restrictions::of(need.health_conditions);
  if (!limits.understood()) {
    return std::unexpected{fmt::format("no rule covers {} of the health conditions", limits.not_understood().size())};
  }
  exercise_picker picker{need, limits, library};
  plan_content plan;
  plan.plan_name = fmt::format("{} Plan", goal_name(need.goal));
  plan.difficulty = need.level;
  plan.duration_weeks = 4;
  const auto weekdays = training_weekdays(need.weekly_workout_days, need.rest_day);
  const auto split = split_for(static_cast<std::int32_t>(weekdays.size()), need.level);
  for (std::size_t i = 0; i < weekdays.size(); ++i) {
    auto day = day_builder{need, *split[i], picker}.build(weekdays[i]);
    if (!day) return std::unexpected{std::string{"too few suitable exercises are left in the library"}};
    plan.days.push_back(std::move(*day));
  }
  return plan;
}

}  // namespace nxg::planning
