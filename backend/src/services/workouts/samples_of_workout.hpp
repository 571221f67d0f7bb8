#pragma once

#include "models/workout.hpp"
#include "repositories/journal.hpp"
#include "repositories/sample_buckets.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "services/workouts/figures.hpp"

namespace nxg::workouts {

/// All samples of a workout: its buckets, and what the journal holds that is not folded yet. Samples without a link are
/// not among them until they are folded, when their machine and time say whose they are.
class workout_samples {
 public:
  workout_samples(sample_bucket_repository& buckets, journal_repository& journal, runtime::clock& time)
      : buckets_{buckets}, journal_{journal}, time_{time} {}

  task<sample_set> all(uuid workout_id);
  /// What is folded already.
  task<sample_set> folded(uuid workout_id);

 private:
  sample_bucket_repository& buckets_;
  journal_repository& journal_;
  runtime::clock& time_;
};

}  // namespace nxg::workouts
