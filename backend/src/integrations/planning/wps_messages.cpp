#include "integrations/planning/wps_messages.hpp"

#include "models/weekday.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace nxg::integrations::wps {
namespace {

std::optional<std::int32_t> parse_count(std::string_view text) {
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 1 || value > 500) return std::nullopt;
  return value;
}

bool is_rest(const workout_day& day) { return day.is_rest_day.value_or(false); }

}  // namespace

std::optional<repetitions> parse_repetitions(std::string_view text) {
  const auto dash = text.find('-');
  const auto least = parse_count(text.substr(0, dash));
  const auto most = dash == std::string_view::npos ? least : parse_count(text.substr(dash + 1));
  if (!least || !most || *least > *most) return std::nullopt;
  return repetitions{*least, *most};
}

void planned_exercise::check(const planned_exercise& read, schema::problems& found) {
  if (read.reps.has_value() == read.duration_seconds.has_value()) {
    found.add("inconsistent", "must have either reps or durationSeconds");
  } else if (read.reps && !parse_repetitions(*read.reps)) {
    found.add_at("/reps", schema::codes::bad_format, "must be a number of repetitions or a range of them");
  }
}

void workout_day::check(const workout_day& read, schema::problems& found) {
  if (!weekday_named(read.day_name.value())) {
    found.add_at("/dayName", schema::codes::not_one_of, "must be a weekday");
  }
  if (is_rest(read) != read.exercises.empty()) {
    found.add_at("/exercises", "inconsistent", "must be empty on rest days and only then", {"/isRestDay"});
  }
}

void workout_plan::check(const workout_plan& read, schema::problems& found) {
  const auto& days = read.workout_days.value();
  const auto training = std::ranges::count_if(days, [](const auto& day) { return !is_rest(day); });
  if (training != read.weekly_schedule.value()) {
    found.add_at("/weeklySchedule", "inconsistent", "must be the number of training days", {"/workoutDays"});
  }
  std::array<bool, 8> seen{};
  for (const auto& day : days) {
    auto& before = seen.at(static_cast<std::size_t>(weekday_named(day.day_name.value()).value_or(0)));
    if (before) found.add_at("/workoutDays", "duplicate", "must not name a day twice");
    before = true;
  }
}

}  // namespace nxg::integrations::wps
