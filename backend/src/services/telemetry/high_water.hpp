#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace nxg::samples {

/// Neighbouring seqs.
struct seq_run {
  std::int64_t first;
  std::int64_t last;
};

/// Adds a seq behind those that are there.
inline void add_seq(std::vector<seq_run>& rising, std::int64_t seq) {
  if (!rising.empty() && rising.back().last + 1 == seq) {
    rising.back().last = seq;
  } else {
    rising.push_back({seq, seq});
  }
}

/// How far one connection's samples of one epoch are done: durable, or refused for good.
///
/// A machine sends the oldest sample it still keeps first, so the first seq of a connection begins the count: what is
/// before it was acknowledged before. `through` only passes a seq when all before it are done.
class high_water {
 public:
  explicit high_water(std::int64_t first_seq) : through_{first_seq - 1} {}

  [[nodiscard]] std::int64_t through() const noexcept { return through_; }
  [[nodiscard]] bool is_done(std::int64_t seq) const noexcept;

  /// [first, last] are done. Holes are remembered up to a bound; a run beyond it is forgotten, so the machine sends
  /// it again.
  void done(std::int64_t first, std::int64_t last);
  void done(const std::vector<seq_run>& runs) {
    for (const auto& [first, last] : runs) done(first, last);
  }

 private:
  static constexpr std::size_t most_runs = 64;

  std::int64_t through_;
  std::vector<seq_run> ahead_;  // done beyond a hole; rising, apart from each other and from `through_`
};

}  // namespace nxg::samples
