#include "gym/totals.hpp"

#include "gym/answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

namespace nxg::gym {

namespace {

using named = std::pair<std::string_view, field>;
constexpr std::array counters{named{"distanceMeters", field::distance_meters},
                              named{"strokeCount", field::stroke_count}, named{"floors", field::floors},
                              named{"machineEnergyKcal", field::energy_kcal}};
constexpr std::array means{named{"averageSpeedKmh", field::speed_kmh},
                           named{"averagePowerWatts", field::power_watts},
                           named{"averageCadenceRpm", field::cadence_rpm},
                           named{"averageStrokeRateSpm", field::stroke_rate_spm},
                           named{"averageStepsPerMinute", field::steps_per_minute},
                           named{"averageHeartRateBpm", field::heart_rate_bpm}};
constexpr std::array maxima{named{"maxSpeedKmh", field::speed_kmh}, named{"maxPowerWatts", field::power_watts},
                            named{"maxHeartRateBpm", field::heart_rate_bpm}};

/// A summary lists no more.
constexpr std::size_t most_sets = 500;

/// What is measured at its end says something of so long an interval.
constexpr double longest_interval_seconds = 60;

/// kcal in that time: Concept2's own formula; of other machines the work done, at an efficiency of 24 %.
double energy_of_power(const std::string& machine_class, double watts, double seconds) {
  constexpr std::array measured{"indoor_bike", "cross_trainer", "step_climber", "stair_climber"};
  if (machine_class == "rower") return (4 * 0.8604 * watts + 300) / 3'600 * seconds;
  if (std::ranges::find(measured, machine_class) != measured.end()) return watts * seconds / 0.24 / 4'184;
  return absent;
}

double volume_of(const sample& set) { return set[field::set_reps] * set[field::set_weight_kg]; }

bool is_told(const boost::json::value& told, const sample& set) {
  return nearly(number(told, "number"), set[field::set_number]) && nearly(number(told, "reps"), set[field::set_reps]) &&
         nearly(number(told, "weightKg"), set[field::set_weight_kg]) &&
         nearly(number(told, "volumeKg"), volume_of(set)) &&
         nearly(number(told, "durationSeconds"), set[field::set_duration_seconds]) &&
         find(told, "restSeconds") == nullptr;
}

}  // namespace

bool nearly(double a, double b) {
  const bool a_absent = a != a;
  const bool b_absent = b != b;
  if (a_absent || b_absent) return a_absent == b_absent;
  return std::abs(a - b) <= 1e-9 * std::max({1.0, std::abs(a), std::abs(b)});
}

void totals::add(const std::string& epoch, const sample& one) {
  ++samples_;
  for (std::size_t i = 0; i < field_count; ++i) {
    const double value = one.values[i];
    if (value != value) continue;
    const auto [known, is_first] = counters_[i].try_emplace(epoch, range{value, value});
    if (!is_first) known->second = {std::min(known->second.least, value), std::max(known->second.most, value)};
    auto& of_field = statistics_[i];
    of_field.most = of_field.count == 0 ? value : std::max(of_field.most, value);
    of_field.sum += value;
    ++of_field.count;
  }
  if (one.has(field::set_number)) sets_.push_back(one);
  const auto [before, is_first] = latest_.try_emplace(epoch, one);
  if (is_first) return;
  const double spent = energy_between(before->second, one);
  if (spent == spent) energy_kcal_ = (energy_kcal_ == energy_kcal_ ? energy_kcal_ : 0) + spent;
  before->second = one;
}

double totals::energy_between(const sample& before, const sample& now) const {
  const double seconds = now[field::elapsed_seconds] - before[field::elapsed_seconds];
  double spent = absent;
  if (seconds > 0 && seconds <= longest_interval_seconds && now.has(field::power_watts))
    spent = energy_of_power(class_, now[field::power_watts], seconds);
  if (spent == spent) return spent;
  const double counted = now[field::energy_kcal] - before[field::energy_kcal];
  return counted >= 0 ? counted : absent;
}

double totals::way_of(field counter) const {
  const auto& epochs = counters_[static_cast<std::size_t>(counter)];
  if (epochs.empty()) return absent;
  double total = 0;
  for (const auto& [epoch, seen] : epochs) total += seen.most - seen.least;
  return total;
}

double totals::mean_of(field value) const {
  const auto& of_field = statistics_[static_cast<std::size_t>(value)];
  return of_field.count == 0 ? absent : of_field.sum / static_cast<double>(of_field.count);
}

double totals::most_of(field value) const {
  const auto& of_field = statistics_[static_cast<std::size_t>(value)];
  return of_field.count == 0 ? absent : of_field.most;
}

std::int64_t totals::points() const {
  if (samples_ == 0) return 0;
  return std::clamp<std::int64_t>(static_cast<std::int64_t>(way_of(field::elapsed_seconds) / 60), 1, 50);
}

std::vector<std::string> totals::differences(const boost::json::value& summary) const {
  std::vector<std::string> found;
  const auto check = [&](std::string_view name, double ours) {
    const double told = number(summary, name);
    if (!nearly(told, ours)) found.push_back(fmt::format("{} is {}, recomputed {}", name, told, ours));
  };
  check("samples", static_cast<double>(samples_));
  check("durationSeconds", samples_ == 0 ? 0 : way_of(field::elapsed_seconds));
  check("energyKcal", energy_kcal_);
  for (const auto& [name, counter] : counters) check(name, way_of(counter));
  for (const auto& [name, value] : means) check(name, mean_of(value));
  for (const auto& [name, value] : maxima) check(name, most_of(value));

  double reps = 0;
  double volume = 0;
  for (const auto& one : sets_) {
    reps += one[field::set_reps];
    volume += volume_of(one);
  }
  check("setCount", static_cast<double>(sets_.size()));
  check("reps", reps);
  check("volumeKg", volume);
  check("pointsAwarded", static_cast<double>(points()));
  const auto& told = items(summary, "sets");
  const auto listed = std::min(sets_.size(), most_sets);
  if (!std::ranges::equal(
          told, std::ranges::subrange{sets_.begin(), sets_.begin() + static_cast<std::ptrdiff_t>(listed)}, is_told))
    found.push_back(fmt::format("its {} sets are not the {} made", told.size(), listed));
  return found;
}

}  // namespace nxg::gym
