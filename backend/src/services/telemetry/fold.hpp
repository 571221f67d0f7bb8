#pragma once

#include "models/sample.hpp"
#include "models/sample_bucket.hpp"
#include "repositories/journal.hpp"
#include "repositories/sample_buckets.hpp"
#include "repositories/workouts.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "services/workouts/closing.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::samples {

/// A sample on its way into a bucket. It is not taken apart: its line lies in the text of its segment.
struct folded_line {
  std::int64_t seq = 0;
  uuid link_id;
  std::string_view line;
};

struct bucket_place {
  sample_source from;
  std::int64_t number = 0;

  friend auto operator<=>(const bucket_place&, const bucket_place&) = default;
};

/// Samples of segments, sorted into the buckets they belong to, in the order they were found. Good as long as the text
/// of the segments.
using bucket_additions = std::map<bucket_place, std::vector<folded_line>>;

/// Adds the samples of a segment's text.
void add_segment(bucket_additions& to, std::string_view text);

/// The bucket with the samples in it, each under its own seq: doing it twice changes nothing. Of a seq that is there
/// twice, the later one counts. False when the bucket is as it was.
bool merge(sample_bucket& into, std::vector<folded_line> what);

struct fold_options {
  /// Segments read at once.
  std::size_t segments = 200;
  /// Samples of a link are kept that long.
  std::chrono::hours samples_kept{24 * 90};
};

/// Moves samples from the journal into buckets. Any process may do it, one at a time under a lease; should two do it at
/// once, versions keep them apart and the result is the same.
class folder {
 public:
  folder(journal_repository& journal, sample_bucket_repository& buckets, workout_repository& workouts,
         workouts::closing& closing, runtime::clock& time, fold_options options = {});

  struct report {
    std::size_t segments = 0;
    std::size_t samples = 0;
    std::size_t finalized = 0;
    std::size_t recomputed = 0;
  };
  /// Folds all that was inserted until now, then makes final the workouts that were waiting for it.
  task<report> fold();

 private:
  task<void> fold_some(std::vector<journal_segment> segments, report& into);
  task<void> attribute(bucket_additions& additions);
  task<void> write(const bucket_additions& additions);

  journal_repository& journal_;
  sample_bucket_repository& buckets_;
  workout_repository& workouts_;
  workouts::closing& closing_;
  runtime::clock& time_;
  fold_options options_;
};

}  // namespace nxg::samples
