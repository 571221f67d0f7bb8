#include "app/gym_floor.hpp"

namespace nxg::app {

namespace {
/// A screen hangs on a wall for years; it is enrolled anew when it is replaced.
constexpr std::chrono::seconds screen_token_life = std::chrono::days{365};

samples::fold_options fold_of(const settings& values) {
  samples::fold_options options;
  options.samples_kept = values.sample_retention;
  return options;
}
}  // namespace

gym_floor::gym_floor(const settings& values, platform& on, storage& kept, identity& people, live_channel& live)
    : facts{kept.users, on.time},
      samples{kept.sample_buckets, kept.journal, on.time},
      summaries{kept.workouts, samples, values.sample_retention, on.time},
      history{kept.workouts, samples, summaries, kept.day_rows},
      rows{kept.workouts, kept.day_rows, on.time},
      points{kept.points, kept.workouts, on.time},
      branches{kept.branches, people.tokens, people.revocations, on.time, screen_token_life},
      registry{kept.machines, kept.branches, people.tokens, people.revocations, people.attempts, on.time, on.random},
      presence{kept.machines, on.time},
      links{kept.machines, kept.visits, kept.workouts, summaries, facts, people.audit, on.time, on.log},
      upkeep{kept.machines, links, live, on.time, on.random, on.log},
      visits{kept.visits, kept.branches, people.keys, links, kept.users, on.time, on.random, on.log},
      who_is_where{kept.visits, kept.branches, kept.users},
      journal{on.io.at(0), kept.journal, on.time, on.random, on.metrics, on.log, on.process_id},
      intake{kept.machines, kept.workouts, journal, live, on.time, on.random, on.metrics, on.log},
      folder{kept.journal, kept.sample_buckets, kept.workouts, summaries, on.time, fold_of(values)} {}

}  // namespace nxg::app
