#include "services/workouts/energy.hpp"

#include "services/body/exertion.hpp"

#include <algorithm>

namespace nxg::workouts {
namespace {

constexpr double joules_per_kcal = 4184;

/// Rates at both ends are taken to hold in between only over a short gap; over a longer one they say nothing.
constexpr double longest_interval_seconds = 60;

std::optional<double> from_power(const sample& at, machine_class kind, const body_facts& who) {
  if (!at.values.has(measure::power_watts)) return std::nullopt;
  const double watts = at.values.at(measure::power_watts);
  switch (kind) {
    case machine_class::indoor_bike:
    case machine_class::cross_trainer:
    case machine_class::step_climber:
    case machine_class::stair_climber: return kcal_per_minute_of_power(watts, who.weight_kg);
    case machine_class::rower: return kcal_per_minute_of_rowing(watts, who.weight_kg);
    // What a treadmill calls power is an estimate from speed and an assumed weight; stations measure single lifts.
    case machine_class::treadmill:
    case machine_class::strength:
    case machine_class::functional: return std::nullopt;
  }
  return std::nullopt;
}

std::optional<double> from_met(const sample& at, machine_class kind, const body_facts& who) {
  if (!who.weight_kg) return std::nullopt;
  const bool running = kind == machine_class::treadmill && at.values.has(measure::speed_kmh);
  const double met =
      running ? met_of_treadmill(at.values.at(measure::speed_kmh), at.values.find(measure::incline_percent).value_or(0))
              : met_of(kind);
  return body::met_kcal_per_minute(met, *who.weight_kg);
}

}  // namespace

double kcal_per_minute_of_power(double watts, std::optional<double> weight_kg) {
  if (weight_kg && watts >= 50 && watts <= 200) {
    return body::vo2_cycling(watts, *weight_kg) * *weight_kg / 1000 * 5;
  }
  constexpr double gross_efficiency = 0.24;
  return watts * 60 / gross_efficiency / joules_per_kcal;
}

double kcal_per_minute_of_rowing(double watts, std::optional<double> weight_kg) {
  return (weight_kg ? body::concept2_kcal_per_hour(watts, *weight_kg) : body::concept2_kcal_per_hour(watts)) / 60;
}

std::optional<double> kcal_per_minute_of_heart_rate(double beats_per_minute, const body_facts& who) {
  if (!who.weight_kg || !who.age_years) return std::nullopt;
  const double weight = *who.weight_kg;
  const double age = *who.age_years;
  const bool known =
      beats_per_minute >= 90 && beats_per_minute <= 200 && weight >= 47 && weight <= 120 && age >= 18 && age <= 70;
  if (!known) return std::nullopt;
  const double male = body::keytel_kcal_per_minute_of_men(beats_per_minute, weight, age);
  const double female = body::keytel_kcal_per_minute_of_women(beats_per_minute, weight, age);
  return std::max(0.0, who.sex ? (*who.sex == body_sex::male ? male : female) : (male + female) / 2);
}

double met_of_treadmill(double speed_kmh, double grade_percent) {
  const double speed = speed_kmh * 1000 / 60;
  const double grade = grade_percent / 100;
  constexpr double running_from = 120;  // m/min; ACSM leaves 100-134 open, people change gait about here
  const double oxygen = speed < running_from ? body::vo2_walking(speed, grade) : body::vo2_running(speed, grade);
  return std::max(1.0, oxygen / 3.5);
}

double met_of(machine_class kind) {
  switch (kind) {
    case machine_class::treadmill: return 4.8;  // 17200, brisk walking
    case machine_class::indoor_bike: return 6.8;
    case machine_class::rower: return 5.0;
    case machine_class::cross_trainer: return 5.0;
    case machine_class::step_climber:
    case machine_class::stair_climber: return 9.3;
    case machine_class::strength: return 3.5;
    case machine_class::functional: return 5.0;
  }
  return 1;
}

std::optional<energy> energy_between(const sample& from, const sample& to, machine_class kind, const body_facts& who) {
  const double seconds = to.elapsed_seconds - from.elapsed_seconds;
  if (seconds > 0 && seconds <= longest_interval_seconds) {
    const double minutes = seconds / 60;
    if (const auto rate = from_power(to, kind, who)) return energy{*rate * minutes, energy_source::measured_power};
    if (const auto beats = to.values.find(measure::heart_rate_bpm)) {
      if (const auto rate = kcal_per_minute_of_heart_rate(*beats, who))
        return energy{*rate * minutes, energy_source::heart_rate};
    }
    if (const auto rate = from_met(to, kind, who)) return energy{*rate * minutes, energy_source::met};
  }
  const auto before = from.values.find(measure::energy_kcal);
  const auto after = to.values.find(measure::energy_kcal);
  if (before && after && *after >= *before) return energy{*after - *before, energy_source::machine};
  return std::nullopt;
}

}  // namespace nxg::workouts
