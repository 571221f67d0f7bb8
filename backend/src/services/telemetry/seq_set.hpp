#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace nxg::samples {

/// Neighbouring seqs.
struct seq_run {
  std::int64_t first;
  std::int64_t last;

  friend bool operator==(const seq_run&, const seq_run&) = default;
};

/// Adds a seq behind those that are there.
inline void add_seq(std::vector<seq_run>& rising, std::int64_t seq) {
  if (!rising.empty() && rising.back().last + 1 == seq) {
    rising.back().last = seq;
  } else {
    rising.push_back({seq, seq});
  }
}

/// Seqs, kept as runs that rise and do not touch. Cheapest where they come in order.
class seq_set {
 public:
  [[nodiscard]] bool contains(std::int64_t seq) const noexcept;
  void add(seq_run run);
  /// Forgets whole runs beyond a number, from that end.
  void forget_highest(std::size_t beyond);
  void forget_lowest(std::size_t beyond);

  [[nodiscard]] bool empty() const noexcept { return runs_.empty(); }
  [[nodiscard]] const seq_run& lowest() const { return runs_.front(); }
  [[nodiscard]] const seq_run& highest() const { return runs_.back(); }
  void remove_lowest() { runs_.erase(runs_.begin()); }

 private:
  std::vector<seq_run> runs_;
};

}  // namespace nxg::samples
