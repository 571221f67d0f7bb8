#include "services/workouts/figures.hpp"

#include "services/workouts/energy.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace nxg::workouts {
namespace {

/// Mean and largest of a value over the samples that carry it.
class statistic {
 public:
  void add(std::optional<double> value) {
    if (!value) return;
    sum_ += *value;
    most_ = count_ == 0 ? *value : std::max(most_, *value);
    ++count_;
  }
  [[nodiscard]] std::optional<double> mean() const {
    return count_ == 0 ? std::nullopt : std::optional{sum_ / static_cast<double>(count_)};
  }
  [[nodiscard]] std::optional<double> most() const { return count_ == 0 ? std::nullopt : std::optional{most_}; }

 private:
  double sum_ = 0;
  double most_ = 0;
  std::int64_t count_ = 0;
};

/// The way a counter went in one epoch, summed over epochs.
class way {
 public:
  void add(std::optional<double> value) {
    if (!value) return;
    least_ = seen_ ? std::min(least_, *value) : *value;
    most_ = seen_ ? std::max(most_, *value) : *value;
    seen_ = true;
  }
  void end_epoch() {
    if (!seen_) return;
    total_ = total_.value_or(0) + most_ - least_;
    seen_ = false;
  }
  [[nodiscard]] std::optional<double> total() const { return total_; }

 private:
  bool seen_ = false;
  double least_ = 0;
  double most_ = 0;
  std::optional<double> total_;
};

/// Energy by source; the figure is their sum, as each interval has one source.
class energy_sum {
 public:
  void add(const std::optional<energy>& one) {
    if (!one) return;
    by_source_[static_cast<std::size_t>(one->source)] += one->kcal;
    known_ = true;
    last_ = one->source;
  }
  void write_to(workout_figures& figures) const {
    if (!known_) return;
    double total = 0;
    for (const double kcal : by_source_) total += kcal;
    const auto most = std::ranges::max_element(by_source_);
    figures.energy_kcal = total;
    figures.energy_source = *most > 0 ? static_cast<energy_source>(most - by_source_.begin()) : last_;
  }

 private:
  std::array<double, 4> by_source_{};
  bool known_ = false;
  energy_source last_ = energy_source::machine;
};

constexpr std::size_t most_sets = 500;

void add_set(workout_figures& figures, const strength_set& set) {
  const double volume = set.reps * set.weight_kg;
  ++figures.set_count;
  figures.reps += set.reps;
  figures.volume_kg += volume;
  if (figures.sets.size() >= most_sets) return;
  figures.sets.push_back(
      {set.number, set.reps, set.weight_kg, volume, set.duration_seconds, set.rest_seconds, set.exercise});
}

/// Epochs in the order they began: a machine that restarted goes on with the same workout.
std::vector<const std::map<std::int64_t, sample>*> in_order(const sample_set& samples) {
  std::vector<const std::map<std::int64_t, sample>*> epochs;
  for (const auto& [source, of_epoch] : samples) {
    if (!of_epoch.empty()) epochs.push_back(&of_epoch);
  }
  std::ranges::stable_sort(epochs, {}, [](const auto* epoch) { return epoch->begin()->second.corrected_at(); });
  return epochs;
}

}  // namespace

all_figures figures_of(const sample_set& samples, machine_class kind, const body_facts& body) {
  all_figures made;
  auto& figures = made.workout;
  way elapsed, distance, strokes, floors, machine_energy;
  statistic speed, power, cadence, stroke_rate, steps, heart_rate;
  energy_sum spent;

  for (const auto* of_epoch : in_order(samples)) {
    const sample* before = nullptr;
    for (const auto& [seq, one] : *of_epoch) {
      const auto& values = one.values;
      ++figures.samples;
      if (one.flags != 0) ++figures.flagged_samples;
      elapsed.add(one.elapsed_seconds);
      distance.add(values.find(measure::distance_meters));
      strokes.add(values.find(measure::stroke_count));
      floors.add(values.find(measure::floors));
      machine_energy.add(values.find(measure::energy_kcal));
      speed.add(values.find(measure::speed_kmh));
      power.add(values.find(measure::power_watts));
      cadence.add(values.find(measure::cadence_rpm));
      stroke_rate.add(values.find(measure::stroke_rate_spm));
      steps.add(values.find(measure::steps_per_minute));
      heart_rate.add(values.find(measure::heart_rate_bpm));
      if (one.set) add_set(figures, *one.set);
      if (before != nullptr) spent.add(energy_between(*before, one, kind, body));
      before = &one;
    }
    for (auto* counter : {&elapsed, &distance, &strokes, &floors, &machine_energy}) counter->end_epoch();
  }

  figures.duration_seconds = elapsed.total().value_or(0);
  figures.distance_meters = distance.total();
  figures.average_speed_kmh = speed.mean();
  figures.max_speed_kmh = speed.most();
  figures.average_power_watts = power.mean();
  figures.max_power_watts = power.most();
  figures.average_cadence_rpm = cadence.mean();
  figures.average_stroke_rate_spm = stroke_rate.mean();
  figures.stroke_count = strokes.total();
  figures.average_steps_per_minute = steps.mean();
  figures.floors = floors.total();
  figures.machine_energy_kcal = machine_energy.total();
  spent.write_to(figures);
  made.heart_rate = {heart_rate.mean(), heart_rate.most()};
  return made;
}

}  // namespace nxg::workouts
