#pragma once

#include "models/workout.hpp"
#include "repositories/workouts.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "services/workouts/samples_of_workout.hpp"

#include <chrono>
#include <cstddef>
#include <vector>

namespace nxg::workouts {

/// Makes workouts final, and takes in what comes late.
class closing {
 public:
  /// `samples_kept`: how long buckets of samples are, at least.
  closing(workout_repository& workouts, workout_samples& samples, std::chrono::seconds samples_kept,
          runtime::clock& time)
      : workouts_{workouts}, samples_{samples}, samples_kept_{samples_kept}, time_{time} {}

  /// What a workout came to so far.
  task<all_figures> provisional(workout of);

  /// Makes final every closing workout whose last samples had to be written by `folded_through`, when all that was
  /// written until then is folded. How many.
  task<std::size_t> finalize_due(instant folded_through);
  /// Samples of these links were folded: those that are final already are computed again, while
  /// all of their samples are kept. How many changed.
  task<std::size_t> take_in_late(std::vector<uuid> links);

 private:
  task<bool> summarize(workout read);

  workout_repository& workouts_;
  workout_samples& samples_;
  const std::chrono::seconds samples_kept_;
  runtime::clock& time_;
};

}  // namespace nxg::workouts
