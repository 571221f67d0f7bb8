#pragma once

#include "gym/sample.hpp"

#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace nxg::gym {

/// Where the seconds of a workout come from: a recording, or a person who is made up as they go.
class exercise_source {
 public:
  exercise_source() = default;
  exercise_source(const exercise_source&) = delete;
  exercise_source& operator=(const exercise_source&) = delete;
  virtual ~exercise_source() = default;

  /// The next recorded second, its elapsed seconds and counters running from the start of this source.
  virtual sample next() = 0;
};

/// A recorded workout: the class of machine it suits, and its seconds.
struct recording {
  std::string name;
  std::string machine_class;
  std::vector<sample> seconds;
};

/// Every CSV file of a folder that can be replayed; files whose columns are unknown are left out. `t_seconds,…` files
/// hold seconds, `set_index,…` files hold strength sets. Throws `std::runtime_error` when there is none.
std::vector<recording> read_recordings(const std::filesystem::path& folder);

/// Plays a recording; at its end it goes on from its beginning, the counters going on too.
std::unique_ptr<exercise_source> replay(const recording& what);

/// A made-up person on a machine of that class: warm-up, intervals, heart rate that lags power (first order, time
/// constants 25 s up and 50 s down), a strap that loses contact now and then, integer-counted calories.
std::unique_ptr<exercise_source> made_up_person(const std::string& machine_class, std::uint64_t seed);

}  // namespace nxg::gym
