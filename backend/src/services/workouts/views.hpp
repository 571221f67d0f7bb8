#pragma once

#include "models/points.hpp"
#include "models/workout.hpp"
#include "services/workouts/figures.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>
#include <vector>

namespace nxg::workouts {

/// A workout as its member sees it; in answers and, with an event's `id` and `at` before it, on sockets.
struct workout_details {
  uuid workout_id;
  uuid machine_id;
  std::string machine_name;
  nxg::machine_class machine_class = machine_class::treadmill;
  uuid branch_id;
  uuid visit_id;
  workout_state status = workout_state::live;
  instant started_at{};
  std::optional<instant> ended_at;
  std::optional<link_end> end_reason;
  std::optional<instant> finalized_at;
  std::string time_zone;
  schema::local_date local_date{};
  std::int64_t samples = 0;
  std::int64_t flagged_samples = 0;
  double duration_seconds = 0;
  std::optional<double> distance_meters;
  std::optional<double> average_speed_kmh;
  std::optional<double> max_speed_kmh;
  std::optional<double> average_power_watts;
  std::optional<double> max_power_watts;
  std::optional<double> average_cadence_rpm;
  std::optional<double> average_stroke_rate_spm;
  std::optional<double> stroke_count;
  std::optional<double> average_steps_per_minute;
  std::optional<double> floors;
  std::optional<double> average_heart_rate_bpm;
  std::optional<double> max_heart_rate_bpm;
  std::optional<double> energy_kcal;
  std::optional<nxg::energy_source> energy_source;
  std::optional<double> machine_energy_kcal;
  std::int64_t set_count = 0;
  std::int64_t reps = 0;
  double volume_kg = 0;
  std::vector<set_figures> sets;
  /// Once it is final.
  std::optional<std::int64_t> points_awarded;
};
BOOST_DESCRIBE_STRUCT(workout_details, (),
                      (workout_id, machine_id, machine_name, machine_class, branch_id, visit_id, status, started_at,
                       ended_at, end_reason, finalized_at, time_zone, local_date, samples, flagged_samples,
                       duration_seconds, distance_meters, average_speed_kmh, max_speed_kmh, average_power_watts,
                       max_power_watts, average_cadence_rpm, average_stroke_rate_spm, stroke_count,
                       average_steps_per_minute, floors, average_heart_rate_bpm, max_heart_rate_bpm, energy_kcal,
                       energy_source, machine_energy_kcal, set_count, reps, volume_kg, sets, points_awarded))

struct workout_view : workout_details {
  uuid id;
  static constexpr std::string_view schema_name = "Workout";
};
BOOST_DESCRIBE_STRUCT(workout_view, (workout_details), (id))

/// With the figures it has: final ones, or `provisional`, or none yet.
[[nodiscard]] workout_details details_of(const workout& of, const all_figures& figures);
/// Of a final workout.
[[nodiscard]] all_figures final_figures_of(const workout& of);
[[nodiscard]] workout_view view_of(const workout& of, const all_figures& figures);

}  // namespace nxg::workouts
