#include "models/measure.hpp"

namespace nxg {

std::string_view wire_name(measure what) noexcept {
  switch (what) {
    case measure::speed_kmh: return "speedKmh";
    case measure::incline_percent: return "inclinePercent";
    case measure::distance_meters: return "distanceMeters";
    case measure::heart_rate_bpm: return "heartRateBpm";
    case measure::power_watts: return "powerWatts";
    case measure::cadence_rpm: return "cadenceRpm";
    case measure::stroke_rate_spm: return "strokeRateSpm";
    case measure::stroke_count: return "strokeCount";
    case measure::steps_per_minute: return "stepsPerMinute";
    case measure::floors: return "floors";
    case measure::resistance_level: return "resistanceLevel";
    case measure::energy_kcal: return "energyKcal";
  }
  return "";
}

}  // namespace nxg
