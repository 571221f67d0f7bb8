#include "sandbox/wps/plan_maker.hpp"

#include "schema/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

namespace nxg::sandbox::wps {
namespace {

using words = std::vector<std::string_view>;

struct day_kind {
  std::string_view label;
  words muscles;
};

const day_kind full_body{"Full Body", {"quadriceps", "chest", "middle back", "hamstrings", "shoulders", "abdominals"}};
const day_kind push{"Push", {"chest", "shoulders", "chest", "shoulders", "triceps"}};
const day_kind pull{"Pull", {"lats", "middle back", "lats", "biceps", "biceps"}};
const day_kind legs{"Legs", {"quadriceps", "hamstrings", "quadriceps", "glutes", "calves"}};
const day_kind upper{"Upper Body", {"chest", "lats", "shoulders", "middle back", "biceps", "triceps"}};
const day_kind lower{"Lower Body", {"quadriceps", "hamstrings", "glutes", "calves", "abdominals"}};
const day_kind arms_core{"Arms and Core", {"biceps", "triceps", "biceps", "abdominals", "abdominals"}};

std::vector<const day_kind*> split(std::int32_t days) {
  switch (days) {
    case 1: return {&full_body};
    case 2: return {&full_body, &full_body};
    case 3: return {&push, &pull, &legs};
    case 4: return {&upper, &lower, &upper, &lower};
    case 5: return {&push, &pull, &legs, &upper, &lower};
    case 6: return {&push, &pull, &legs, &push, &pull, &legs};
    default: return {&push, &pull, &legs, &push, &pull, &legs, &arms_core};
  }
}

// FNV-1a, then splitmix64: a stream of numbers that is the same on every machine.
class number_stream {
 public:
  number_stream(std::uint64_t seed, std::string_view text) : state_{14695981039346656037ull ^ seed} {
    for (const char c : text) state_ = (state_ ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  }
  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ull;
    auto z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }

 private:
  std::uint64_t state_;
};

std::string lower_case(std::string_view text) {
  std::string out{text};
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// What a sensible trainer leaves out; the caller checks again.
words muscles_to_spare(const user_profile& profile) {
  words spared;
  if (!profile.health_conditions) return spared;
  for (const auto& condition : *profile.health_conditions) {
    const auto text = lower_case(condition.value());
    if (text.find("knee") != std::string::npos) spared.insert(spared.end(), {"quadriceps", "hamstrings"});
    if (text.find("back") != std::string::npos) spared.insert(spared.end(), {"lower back"});
    if (text.find("shoulder") != std::string::npos) spared.insert(spared.end(), {"shoulders", "chest"});
  }
  return spared;
}

bool holds(const words& list, std::string_view word) { return std::ranges::find(list, word) != list.end(); }

// Makes one plan.
class week_maker {
 public:
  week_maker(const plan_request& request, std::span<const known_exercise> list, number_stream numbers)
      : profile_{request.user_profile}, wishes_{request.preferences.value_or(preferences{})}, numbers_{numbers} {
    const auto spared = muscles_to_spare(profile_);
    for (const auto& one : list) {
      if (one.difficulty <= profile_.fitness_level && !holds(spared, one.muscle) && !avoided(one))
        allowed_.push_back(&one);
    }
  }

  std::vector<workout_day> make() {
    std::vector<workout_day> days;
    const auto rest = profile_.rest_day ? number_of(*profile_.rest_day) : 7;
    const auto training = training_days(rest);
    const auto kinds = split(static_cast<std::int32_t>(training.size()));
    for (std::int32_t number = 1; number <= 7; ++number) {
      const auto at = std::ranges::find(training, number);
      if (at != training.end()) {
        days.push_back(training_day(number, *kinds[static_cast<std::size_t>(at - training.begin())]));
      } else if (number == rest) {
        days.push_back({.day_name = name_of_day(number),
                        .muscle_group = "Rest",
                        .is_rest_day = true,
                        .notes = "Walk, sleep, eat well."});
      }
    }
    return days;
  }

 private:
  [[nodiscard]] std::vector<std::int32_t> training_days(std::int32_t rest) const {
    const std::int32_t wanted = profile_.weekly_workout_days;
    const bool every_day = wanted == 7 && !profile_.rest_day;
    const std::int32_t count = every_day ? 7 : std::min(wanted, 6);
    std::vector<std::int32_t> days;
    for (std::int32_t i = 0; i < count; ++i) days.push_back((rest + i * (every_day ? 7 : 6) / count) % 7 + 1);
    std::ranges::sort(days);
    return days;
  }

  [[nodiscard]] bool avoided(const known_exercise& one) const {
    if (!wishes_.avoid_exercises) return false;
    return std::ranges::any_of(*wishes_.avoid_exercises, [&](const auto& text) {
      const auto word = lower_case(text.value());
      return word == lower_case(one.name) || word == lower_case(one.id);
    });
  }

  template <class Suits>
  const known_exercise* pick(Suits suits) {
    std::vector<const known_exercise*> candidates;
    for (const auto* one : allowed_) {
      if (!today_.contains(one) && suits(*one)) candidates.push_back(one);
    }
    if (wishes_.preferred_equipment) {
      std::vector<const known_exercise*> preferred;
      for (const auto* one : candidates) {
        const auto same = [&](const auto& kind) { return lower_case(kind.value()) == lower_case(one->equipment); };
        if (std::ranges::any_of(*wishes_.preferred_equipment, same)) preferred.push_back(one);
      }
      if (!preferred.empty()) candidates = std::move(preferred);
    }
    if (candidates.empty()) return nullptr;
    const auto* chosen = candidates[numbers_.next() % candidates.size()];
    today_.insert(chosen);
    return chosen;
  }

  workout_day training_day(std::int32_t number, const day_kind& kind) {
    today_.clear();
    workout_day day{.day_name = name_of_day(number), .muscle_group = std::string{kind.label}};
    if (const auto* easy = pick([](const auto& one) { return one.category == "cardio"; })) {
      day.exercises.push_back(timed(*easy, section::warmup, 1, 300));
    }
    add_core(day, kind);
    const auto stretching = [&](const auto& one) { return one.category == "stretching"; };
    for (int i = 0; i < 2; ++i) {
      if (const auto* easy = pick(stretching)) day.exercises.push_back(timed(*easy, section::cooldown, 1, 30));
    }
    day.estimated_duration = minutes(day);
    return day;
  }

  void add_core(workout_day& day, const day_kind& kind) {
    const auto strength_for = [](std::string_view muscle) {
      return [muscle](const known_exercise& one) { return one.category == "strength" && one.muscle == muscle; };
    };
    for (const auto muscle : kind.muscles) {
      if (const auto* one = pick(strength_for(muscle))) day.exercises.push_back(counted(*one));
    }
    if (wishes_.focus_areas) {
      for (const auto group : *wishes_.focus_areas) {
        const auto in_group = [&](const known_exercise& one) {
          return one.category == "strength" && group_of(one) == group;
        };
        if (const auto* one = pick(in_group)) day.exercises.push_back(counted(*one));
      }
    }
    // A training of fewer exercises than three is none.
    const auto any = [](const known_exercise& one) { return one.category == "strength"; };
    const auto core = [](const planned_exercise& one) { return one.category_type == section::core; };
    while (std::ranges::count_if(day.exercises, core) < 3) {
      const auto* one = pick(any);
      if (one == nullptr) break;
      day.exercises.push_back(counted(*one));
    }
  }

  [[nodiscard]] planned_exercise described(const known_exercise& one, section where) const {
    planned_exercise entry;
    entry.exercise_id = one.id;
    entry.name = one.name;
    entry.category_type = where;
    entry.muscle_group = label_of(group_of(one));
    entry.equipment = one.equipment;
    entry.difficulty = one.difficulty;
    return entry;
  }

  [[nodiscard]] planned_exercise timed(const known_exercise& one, section where, std::int32_t sets,
                                       std::int32_t seconds) const {
    auto entry = described(one, where);
    entry.sets = sets;
    entry.duration_seconds = seconds;
    entry.rest_time = 15;
    return entry;
  }

  [[nodiscard]] planned_exercise counted(const known_exercise& one) const {
    auto entry = described(one, section::core);
    entry.sets = profile_.fitness_level == difficulty::beginner ? 3 : 4;
    switch (profile_.goal) {
      case goal::weight_loss:
        entry.reps = "12-15";
        entry.rest_time = 45;
        break;
      case goal::weight_gain:
        entry.reps = "6-10";
        entry.rest_time = 120;
        break;
      case goal::muscle_building:
        entry.reps = one.compound ? "6-10" : "8-12";
        entry.rest_time = 90;
        break;
      case goal::maintenance:
        entry.reps = "10-12";
        entry.rest_time = 60;
        break;
    }
    return entry;
  }

  static std::int32_t minutes(const workout_day& day) {
    std::int32_t seconds = 0;
    for (const auto& entry : day.exercises)
      seconds += entry.sets * (entry.duration_seconds.value_or(45) + entry.rest_time);
    return std::clamp((seconds + 59) / 60, 15, 300);
  }

  const user_profile& profile_;
  preferences wishes_;
  number_stream numbers_;
  std::vector<const known_exercise*> allowed_;
  std::set<const known_exercise*> today_;
};

std::string plan_name(goal wanted, difficulty level) {
  constexpr std::array<std::string_view, 4> goals{"Lean", "Gain", "Build", "Balance"};
  constexpr std::array<std::string_view, 3> levels{"Start", "Progress", "Performance"};
  return fmt::format("{} {}", goals.at(static_cast<std::size_t>(wanted)), levels.at(static_cast<std::size_t>(level)));
}

}  // namespace

plan_maker::plan_maker(std::vector<known_exercise> exercises, std::uint64_t seed)
    : exercises_{std::move(exercises)}, seed_{seed} {}

workout_plan plan_maker::make(const plan_request& request) const {
  number_stream numbers{seed_, schema::to_json(request)};
  workout_plan plan;
  plan.plan_id = fmt::format("wps-{:016x}", numbers.next());
  plan.plan_name = plan_name(request.user_profile.goal, request.user_profile.fitness_level);
  plan.difficulty_level = request.user_profile.fitness_level;
  plan.plan_duration = request.user_profile.fitness_level == difficulty::beginner ? 6 : 8;
  plan.workout_days = week_maker{request, exercises_, numbers}.make();
  const auto trains = [](const workout_day& day) { return !day.is_rest_day; };
  plan.weekly_schedule = static_cast<std::int32_t>(std::ranges::count_if(plan.workout_days, trains));
  return plan;
}

std::vector<week_template> week_templates() {
  std::vector<week_template> all;
  for (std::int32_t days = 1; days <= 7; ++days) {
    week_template one{.template_id = fmt::format("split-{}", days), .weekly_schedule = days, .days = {}};
    for (const auto* kind : split(days)) one.days.emplace_back(kind->label);
    all.push_back(std::move(one));
  }
  return all;
}

}  // namespace nxg::sandbox::wps
