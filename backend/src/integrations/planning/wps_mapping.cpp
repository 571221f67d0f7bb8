#include "integrations/planning/wps_mapping.hpp"

#include "integrations/instructions.hpp"
#include "integrations/planning/outgoing_text.hpp"
#include "models/weekday.hpp"
#include "models/words.hpp"
#include "schema/json.hpp"

#include <boost/describe/enum_to_string.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace nxg::integrations::wps {
namespace {

constexpr std::size_t longest_text = 60;
// As many and as long as a profile may hold: a condition cut short could mean another one.
constexpr std::size_t longest_condition = 100;
constexpr std::size_t most_entries = 50;

std::vector<std::string> constrained(const std::vector<std::string>& texts, std::size_t longest) {
  std::vector<std::string> kept;
  for (const auto& text : texts) {
    auto line = outgoing_text(text, longest);
    if (!line.empty() && kept.size() < most_entries) kept.push_back(std::move(line));
  }
  return kept;
}

std::string text_of(std::string_view text, std::size_t longest) {
  if (reads_like_instructions(text)) throw malformed_answer{"instructions where a plan belongs"};
  return incoming_text(text, longest);
}

plan_exercise mapped(const planned_exercise& read, const std::optional<muscle_group>& of_day) {
  plan_exercise entry;
  entry.external_id = incoming_text(read.exercise_id, 100);
  entry.exercise_name = text_of(read.name.value(), 100);
  entry.muscle_group = read.muscle_group ? muscle_group_named(*read.muscle_group) : std::nullopt;
  if (!entry.muscle_group) entry.muscle_group = of_day;
  if (read.equipment) entry.equipment = enum_named<equipment_kind>(*read.equipment);
  entry.difficulty = read.difficulty;
  entry.sets = read.sets;
  if (read.reps) {
    const auto reps = parse_repetitions(*read.reps);
    entry.reps_min = reps->min;
    entry.reps_max = reps->max;
  }
  if (read.duration_seconds) entry.duration_seconds = read.duration_seconds->value();
  if (read.rest_time) entry.rest_seconds = read.rest_time->value();
  if (read.weight && read.weight->value() > 0) entry.weight_kg = read.weight->value();
  if (read.notes) entry.notes = text_of(read.notes->value(), 200);
  return entry;
}

std::vector<muscle_group> groups_in(const plan_day& day) {
  std::vector<muscle_group> groups;
  for (const auto& section : day.categories) {
    for (const auto& entry : section.exercises) {
      if (section.category_type == plan_section::core && entry.muscle_group &&
          std::ranges::find(groups, *entry.muscle_group) == groups.end()) {
        groups.push_back(*entry.muscle_group);
      }
    }
  }
  return groups;
}

// A flat list is all core; sections come in their natural order whatever order they were sent in.
void fill_sections(plan_day& day, const workout_day& read) {
  const auto of_day = muscle_group_named(read.muscle_group);
  for (const auto section : {plan_section::warmup, plan_section::core, plan_section::cooldown}) {
    std::vector<plan_exercise> entries;
    for (const auto& given : read.exercises) {
      if (given.category_type.value_or(plan_section::core) != section) continue;
      entries.push_back(mapped(given, of_day));
      entries.back().exercise_order = static_cast<std::int32_t>(entries.size());
    }
    if (entries.empty()) continue;
    day.categories.push_back({section, static_cast<std::int32_t>(day.categories.size()) + 1, std::move(entries)});
  }
}

plan_day mapped(const workout_day& read) {
  plan_day day;
  day.day_order = *weekday_named(read.day_name.value());
  day.day_name = weekday_name(day.day_order);
  day.is_rest_day = read.is_rest_day.value_or(false);
  day.muscle_group = text_of(read.muscle_group.value(), 100);
  if (read.estimated_duration) day.estimated_minutes = read.estimated_duration->value();
  if (read.notes) day.notes = text_of(read.notes->value(), 500);
  fill_sections(day, read);
  day.muscle_groups = groups_in(day);
  return day;
}

void require_kept(const workout_plan& plan, const training_need& need) {
  const auto asked = need.rest_day ? std::min(need.weekly_workout_days, 6) : need.weekly_workout_days;
  if (plan.weekly_schedule.value() != asked)
    throw malformed_answer{"the plan has another number of training days than asked"};
  if (plan.difficulty_level > need.level) throw malformed_answer{"the plan is harder than the member's level"};
  for (const auto& day : plan.workout_days) {
    if (need.rest_day && !day.is_rest_day.value_or(false) && weekday_named(day.day_name.value()) == need.rest_day) {
      throw malformed_answer{"the plan trains on the rest day"};
    }
  }
}

}  // namespace

plan_request request_for(const training_need& need) {
  plan_request request;
  auto& profile = request.user_profile;
  profile.fitness_level = need.level;
  profile.goal = need.goal;
  profile.age = need.age_years;
  profile.height_cm = std::round(need.height_cm * 10) / 10;
  profile.weight_kg = std::round(need.weight_kg * 10) / 10;
  if (auto line = outgoing_text(need.activity_level, longest_text); !line.empty())
    profile.activity_level = std::move(line);
  profile.health_conditions = constrained(need.health_conditions, longest_condition);
  profile.weekly_workout_days = need.rest_day ? std::min(need.weekly_workout_days, 6) : need.weekly_workout_days;
  if (need.rest_day) profile.rest_day = std::string{weekday_name(*need.rest_day)};
  request.preferences.focus_areas = need.preferences.focus_areas;
  request.preferences.avoid_exercises = constrained(need.preferences.avoid_exercises, longest_text);
  for (const auto kind : need.preferences.preferred_equipment) {
    request.preferences.preferred_equipment.emplace_back(plain_words(boost::describe::enum_to_string(kind, "")));
  }
  return request;
}

outside_plan read_answer(std::string_view body, const training_need& need) {
  auto read = schema::try_from_json<workout_plan>(body, schema::unknown::ignored);
  if (!read) {
    const auto& first = read.error().front();
    throw malformed_answer{
        fmt::format("{} problems, the first is {} at '{}'", read.error().size(), first.code, first.pointer)};
  }
  require_kept(*read, need);
  outside_plan plan;
  plan.plan_id = incoming_text(read->plan_id, 100);
  plan.content.plan_name = text_of(read->plan_name.value(), 100);
  plan.content.difficulty = read->difficulty_level;
  plan.content.duration_weeks = read->plan_duration;
  for (const auto& day : read->workout_days) plan.content.days.push_back(mapped(day));
  std::ranges::sort(plan.content.days, {}, &plan_day::day_order);
  return plan;
}

}  // namespace nxg::integrations::wps
