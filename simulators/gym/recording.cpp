#include "gym/exercise_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>

namespace nxg::gym {

namespace {

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::stringstream stream{line};
  for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
  if (line.ends_with(',')) cells.emplace_back();
  return cells;
}

double number_of(const std::string& cell) {
  double value = absent;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  return error == std::errc{} && end == cell.data() + cell.size() ? value : absent;
}

/// Which machine would have recorded this, by the file's name.
std::string class_of(const std::string& name) {
  if (name.starts_with("bike")) return "indoor_bike";
  if (name.starts_with("run")) return "treadmill";
  if (name.starts_with("row")) return "rower";
  if (name.starts_with("strength")) return "strength";
  return "functional";
}

using columns = std::vector<std::optional<field>>;

/// What a column means on that machine. Runs are recorded in strides (pairs of steps) per minute.
std::optional<field> field_of(const std::string& column, const std::string& machine_class) {
  if (column == "t_seconds") return field::elapsed_seconds;
  if (column == "heart_rate_bpm") return field::heart_rate_bpm;
  if (column == "set_index") return field::set_number;
  if (column == "reps") return field::set_reps;
  if (column == "weight_kg") return field::set_weight_kg;
  if (column == "duration_s") return field::set_duration_seconds;
  if (machine_class == "strength" || machine_class == "functional") return std::nullopt;
  if (column == "power_watts") return field::power_watts;
  if (column == "speed_kmh") return field::speed_kmh;
  if (column == "distance_meters") return field::distance_meters;
  if (column == "cadence_rpm") {
    if (machine_class == "indoor_bike") return field::cadence_rpm;
    if (machine_class == "rower") return field::stroke_rate_spm;
    return field::steps_per_minute;
  }
  return std::nullopt;
}

sample second_of(const std::vector<std::string>& cells, const columns& meaning, const std::string& machine_class) {
  sample one;
  for (std::size_t i = 0; i < cells.size() && i < meaning.size(); ++i) {
    if (meaning[i]) one[*meaning[i]] = number_of(cells[i]);
  }
  if (machine_class == "treadmill" && one.has(field::steps_per_minute)) one[field::steps_per_minute] *= 2;
  return one;
}

/// A log of sets has no seconds: each set is given the time its repetitions take, and a minute of rest. Its last second
/// says the set.
std::vector<sample> in_seconds(const std::vector<sample>& sets) {
  constexpr double seconds_per_rep = 4;
  constexpr int rest_seconds = 60;
  std::vector<sample> seconds;
  const auto pass = [&](sample one) {
    one[field::elapsed_seconds] = static_cast<double>(seconds.size());
    seconds.push_back(one);
  };
  for (sample set : sets) {
    if (!set.has(field::set_reps)) set[field::set_reps] = 0;
    if (!set.has(field::set_weight_kg)) set[field::set_weight_kg] = 0;
    const double took = set.has(field::set_duration_seconds) ? set[field::set_duration_seconds]
                                                             : set[field::set_reps] * seconds_per_rep;
    for (int second = 1; second < took; ++second) pass({});
    pass(set);
    for (int second = 0; second < rest_seconds; ++second) pass({});
  }
  return seconds;
}

std::optional<recording> read_recording(const std::filesystem::path& file) {
  std::ifstream stream{file};
  std::string line;
  if (!std::getline(stream, line)) return std::nullopt;
  recording result{.name = file.stem(), .machine_class = class_of(file.stem()), .seconds = {}};
  columns meaning;
  for (const auto& column : cells_of(line)) meaning.push_back(field_of(column, result.machine_class));
  const bool of_seconds = std::ranges::find(meaning, std::optional{field::elapsed_seconds}) != meaning.end();
  const bool of_sets = std::ranges::find(meaning, std::optional{field::set_number}) != meaning.end();
  if (!of_seconds && !of_sets) return std::nullopt;
  while (std::getline(stream, line)) result.seconds.push_back(second_of(cells_of(line), meaning, result.machine_class));
  if (of_sets) result.seconds = in_seconds(result.seconds);
  if (result.seconds.empty()) return std::nullopt;
  return result;
}

class replaying final : public exercise_source {
 public:
  explicit replaying(const recording& what) : what_{what} {}

  sample next() override {
    if (at_ == what_.seconds.size()) start_again();
    sample one = what_.seconds[at_++];
    for (const auto counter : counters) {
      if (!one.has(counter)) continue;
      one[counter] += base_[static_cast<std::size_t>(counter)];
      highest_[static_cast<std::size_t>(counter)] = one[counter];
    }
    return one;
  }

 private:
  static constexpr std::array counters{field::elapsed_seconds, field::distance_meters, field::set_number};

  void start_again() {
    at_ = 0;
    base_ = highest_;
    base_[0] += 1;
  }

  const recording& what_;
  std::size_t at_ = 0;
  std::array<double, field_count> base_{};
  std::array<double, field_count> highest_{};
};

}  // namespace

std::vector<recording> read_recordings(const std::filesystem::path& folder) {
  if (!std::filesystem::is_directory(folder))
    throw std::runtime_error{fmt::format("'{}' is no folder", folder.string())};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    if (entry.path().extension() == ".csv") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::vector<recording> result;
  for (const auto& file : files) {
    if (auto one = read_recording(file)) result.push_back(std::move(*one));
  }
  if (result.empty()) throw std::runtime_error{fmt::format("'{}' holds no recorded workout (CSV)", folder.string())};
  return result;
}

std::unique_ptr<exercise_source> replay(const recording& what) { return std::make_unique<replaying>(what); }

}  // namespace nxg::gym
