#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace nxg::samples {

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

 private:
  struct run {
    std::int64_t first;
    std::int64_t last;
  };
  static constexpr std::size_t most_runs = 64;

  std::int64_t through_;
  std::vector<run> ahead_;  // done beyond a hole; rising, apart from each other and from `through_`
};

}  // namespace nxg::samples
