#include "services/telemetry/plausibility.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace nxg::samples {
namespace {

constexpr std::array counters{measure::distance_meters, measure::stroke_count, measure::floors, measure::energy_kcal};

/// Counters are compared with rates over short steps only: over a gap the rates at its ends say nothing about it.
constexpr double longest_step_seconds = 5;

std::optional<std::string_view> against_limits(const sample& what, const plausibility_limits& limits) {
  if ((what.values.present() & ~limits.reported) != 0 || (what.set && !limits.sets))
    return refusal_codes::value_not_of_class;
  bool possible = limits.elapsed_seconds.holds(what.elapsed_seconds);
  for (std::size_t i = 0; i < measure_count; ++i) {
    const auto kind = static_cast<measure>(i);
    if (what.values.has(kind)) possible = possible && limits[kind].holds(what.values.at(kind));
  }
  if (const auto& set = what.set) {
    constexpr std::size_t longest_exercise = 200;
    possible = possible && set->number >= 1 && set->number <= 200 && limits.set_reps.holds(set->reps) &&
               limits.set_weight_kg.holds(set->weight_kg) &&
               (!set->duration_seconds || limits.set_duration_seconds.holds(*set->duration_seconds)) &&
               (!set->rest_seconds || limits.set_rest_seconds.holds(*set->rest_seconds)) &&
               (!set->exercise || set->exercise->size() <= longest_exercise);
  }
  return possible ? std::nullopt : std::optional{refusal_codes::value_out_of_range};
}

bool begins_anew(const sample& what, const sample& before) {
  return what.link_id != before.link_id || (what.link_id.is_nil() && what.elapsed_seconds < before.elapsed_seconds);
}

bool counters_went_back(const sample& what, const sample& before) {
  if (what.elapsed_seconds < before.elapsed_seconds) return true;
  return std::ranges::any_of(counters, [&](measure counter) {
    return what.values.has(counter) && before.values.has(counter) &&
           what.values.at(counter) < before.values.at(counter);
  });
}

/// How far a counter moved, where both samples have it.
std::optional<double> moved(const sample& what, const sample& before, measure counter) {
  if (!what.values.has(counter) || !before.values.has(counter)) return std::nullopt;
  return what.values.at(counter) - before.values.at(counter);
}

void flag_oddities(sample& what, const sample& before, const plausibility_limits& limits) {
  const double seconds = what.elapsed_seconds - before.elapsed_seconds;
  if (seconds > longest_step_seconds) return;
  // Counters are often whole numbers sent once a second, so a step may be off by one unit at each end.
  constexpr double rounding = 2;

  if (const auto meters = moved(what, before, measure::distance_meters)) {
    const double slack_kmh = seconds > 0 ? rounding / seconds * 3.6 : 0;
    const double kmh = seconds > 0 ? *meters / seconds * 3.6 : 0;
    const auto now = what.values.find(measure::speed_kmh);
    const auto then = before.values.find(measure::speed_kmh);
    const double fastest = now && then ? std::max(*now, *then) * 1.5 : limits[measure::speed_kmh].most;
    const double slowest = now && then ? std::min(*now, *then) * 0.5 : 0;
    const bool stands_still = seconds <= 0 && *meters > rounding;
    if (stands_still || kmh > fastest + slack_kmh || kmh < slowest - slack_kmh)
      what.raise(sample_flag::distance_against_speed);
  }
  if (const auto strokes = moved(what, before, measure::stroke_count);
      strokes && what.values.has(measure::stroke_rate_spm)) {
    const double fastest =
        std::max(what.values.at(measure::stroke_rate_spm), before.values.find(measure::stroke_rate_spm).value_or(0));
    if (*strokes > fastest / 60 * seconds * 1.5 + rounding) what.raise(sample_flag::strokes_against_rate);
  }
  if (const auto kcal = moved(what, before, measure::energy_kcal)) {
    // No one spends more than about 30 kcal a minute for long.
    constexpr double most_per_second = 0.5;
    if (*kcal > most_per_second * seconds + rounding) what.raise(sample_flag::energy_too_fast);
  }
}

}  // namespace

std::optional<std::string_view> plausibility::judge(sample& what) {
  if (const auto refused = against_limits(what, limits_)) return refused;
  if (before_ && !begins_anew(what, *before_)) {
    if (counters_went_back(what, *before_)) return refusal_codes::counter_went_back;
    flag_oddities(what, *before_, limits_);
  }
  before_ = what;
  return std::nullopt;
}

std::optional<std::string_view> plausibility::judge_late(const sample& what) const {
  return against_limits(what, limits_);
}

}  // namespace nxg::samples
