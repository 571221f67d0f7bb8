#include "services/workouts/views.hpp"

#include "services/points/awards.hpp"

namespace nxg::workouts {

all_figures final_figures_of(const workout& of) {
  return {of.figures.value_or(workout_figures{}), of.heart_rate.value()};
}

workout_details details_of(const workout& of, const all_figures& figures) {
  const auto& known = figures.workout;
  workout_details made;
  made.workout_id = of.id;
  made.machine_id = of.machine_id;
  made.machine_name = of.machine_name;
  made.machine_class = of.machine_class;
  made.branch_id = of.branch_id;
  made.visit_id = of.visit_id;
  made.status = of.state;
  made.started_at = of.started_at;
  made.ended_at = of.ended_at;
  made.end_reason = of.end_reason;
  made.finalized_at = of.finalized_at;
  made.time_zone = of.time_zone;
  made.local_date = of.local_date;
  made.samples = known.samples;
  made.flagged_samples = known.flagged_samples;
  made.duration_seconds = known.duration_seconds;
  made.distance_meters = known.distance_meters;
  made.average_speed_kmh = known.average_speed_kmh;
  made.max_speed_kmh = known.max_speed_kmh;
  made.average_power_watts = known.average_power_watts;
  made.max_power_watts = known.max_power_watts;
  made.average_cadence_rpm = known.average_cadence_rpm;
  made.average_stroke_rate_spm = known.average_stroke_rate_spm;
  made.stroke_count = known.stroke_count;
  made.average_steps_per_minute = known.average_steps_per_minute;
  made.floors = known.floors;
  made.average_heart_rate_bpm = figures.heart_rate.average_bpm;
  made.max_heart_rate_bpm = figures.heart_rate.max_bpm;
  made.energy_kcal = known.energy_kcal;
  made.energy_source = known.energy_source;
  made.machine_energy_kcal = known.machine_energy_kcal;
  made.set_count = known.set_count;
  made.reps = known.reps;
  made.volume_kg = known.volume_kg;
  made.sets = known.sets;
  if (of.state == workout_state::final_) made.points_awarded = points::for_workout(known);
  return made;
}

workout_view view_of(const workout& of, const all_figures& figures) {
  workout_view made;
  static_cast<workout_details&>(made) = details_of(of, figures);
  made.id = of.id;
  return made;
}

}  // namespace nxg::workouts
