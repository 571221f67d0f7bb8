#pragma once

#include "services/telemetry/seq_set.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace nxg::samples {

/// How far one connection's samples of one epoch are done: durable, or refused for good.
///
/// A machine sends the oldest sample it still keeps first, so the lowest seq of a connection begins the count: what is
/// before it was acknowledged before. `through` only passes a seq when all before it are done.
class high_water {
 public:
  explicit high_water(std::int64_t first_seq) : first_{first_seq}, through_{first_seq - 1} {}

  [[nodiscard]] std::int64_t through() const noexcept { return through_; }
  [[nodiscard]] bool is_done(std::int64_t seq) const noexcept;

  /// A seq below all that came so far shows that the machine still keeps it: the count begins there, and what is done
  /// above lies beyond a hole.
  void sent(std::int64_t seq);

  /// [first, last] are done. Holes are remembered up to a bound; a run beyond it is forgotten, so the machine sends
  /// it again.
  void done(std::int64_t first, std::int64_t last);
  void done(const std::vector<seq_run>& runs) {
    for (const auto& [first, last] : runs) done(first, last);
  }

 private:
  static constexpr std::size_t most_runs = 64;

  std::int64_t first_;
  std::int64_t through_;
  seq_set ahead_;  // done beyond a hole
};

}  // namespace nxg::samples
