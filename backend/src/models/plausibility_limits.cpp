#include "models/plausibility_limits.hpp"

#include <initializer_list>

namespace nxg {
namespace {

using range = plausibility_limits::range;

range general_range(measure what) {
  switch (what) {
    case measure::speed_kmh: return {0, 40};
    case measure::incline_percent: return {-5, 40};
    case measure::distance_meters: return {0, 100'000};
    case measure::heart_rate_bpm: return {30, 240};
    case measure::power_watts: return {0, 2'500};
    case measure::cadence_rpm: return {0, 250};
    case measure::stroke_rate_spm: return {0, 100};
    case measure::stroke_count: return {0, 20'000};
    case measure::steps_per_minute: return {0, 300};
    case measure::floors: return {0, 2'000};
    case measure::resistance_level: return {0, 30};
    case measure::energy_kcal: return {0, 3'000};
  }
  return {};
}

range speed_range(machine_class kind) {
  switch (kind) {
    case machine_class::treadmill:
    case machine_class::rower: return {0, 30};
    case machine_class::indoor_bike: return {0, 120};
    case machine_class::cross_trainer:
    case machine_class::step_climber:
    case machine_class::stair_climber:
    case machine_class::strength:
    case machine_class::functional: return {0, 40};
  }
  return {};
}

std::initializer_list<measure> reported_by(machine_class kind) {
  using enum measure;
  static constexpr std::initializer_list<measure> treadmill{speed_kmh,        incline_percent, distance_meters,
                                                            heart_rate_bpm,   power_watts,     cadence_rpm,
                                                            steps_per_minute, energy_kcal};
  static constexpr std::initializer_list<measure> bike{speed_kmh,   incline_percent, distance_meters,  heart_rate_bpm,
                                                       power_watts, cadence_rpm,     resistance_level, energy_kcal};
  static constexpr std::initializer_list<measure> rower{speed_kmh,    distance_meters,  heart_rate_bpm,
                                                        power_watts,  cadence_rpm,      stroke_rate_spm,
                                                        stroke_count, resistance_level, energy_kcal};
  static constexpr std::initializer_list<measure> cross_trainer{
      speed_kmh,   incline_percent,  distance_meters, heart_rate_bpm,   power_watts,
      cadence_rpm, steps_per_minute, stroke_count,    resistance_level, energy_kcal};
  static constexpr std::initializer_list<measure> climber{
      speed_kmh,        distance_meters, heart_rate_bpm, power_watts,      cadence_rpm,
      steps_per_minute, stroke_count,    floors,         resistance_level, energy_kcal};
  static constexpr std::initializer_list<measure> station{heart_rate_bpm, power_watts, cadence_rpm, resistance_level,
                                                          energy_kcal};
  switch (kind) {
    case machine_class::treadmill: return treadmill;
    case machine_class::indoor_bike: return bike;
    case machine_class::rower: return rower;
    case machine_class::cross_trainer: return cross_trainer;
    case machine_class::step_climber:
    case machine_class::stair_climber: return climber;
    case machine_class::strength:
    case machine_class::functional: return station;
  }
  return station;
}

}  // namespace

plausibility_limits limits_of(machine_class kind, const std::vector<measure_limit>& own) {
  plausibility_limits limits;
  limits.sets = counts_sets(kind);
  for (std::size_t i = 0; i < measure_count; ++i) limits.of[i] = general_range(static_cast<measure>(i));
  limits.of[static_cast<std::size_t>(measure::speed_kmh)] = speed_range(kind);
  const auto allow = [&limits](measure what) {
    limits.reported = static_cast<std::uint16_t>(limits.reported | measures::bit(what));
  };
  for (const auto what : reported_by(kind)) allow(what);
  for (const auto& limit : own) {
    limits.of[static_cast<std::size_t>(limit.measure)] = {limit.least, limit.most};
    allow(limit.measure);
  }
  return limits;
}

}  // namespace nxg
