#include "services/telemetry/high_water.hpp"

#include <algorithm>

namespace nxg::samples {

bool high_water::is_done(std::int64_t seq) const noexcept {
  return (first_ <= seq && seq <= through_) || ahead_.contains(seq);
}

void high_water::sent(std::int64_t seq) {
  if (seq >= first_) return;
  if (through_ >= first_) ahead_.add({first_, through_});
  ahead_.forget_highest(most_runs);
  first_ = seq;
  through_ = seq - 1;
}

void high_water::done(std::int64_t first, std::int64_t last) {
  if (first <= through_ + 1) {
    through_ = std::max(through_, last);
  } else {
    ahead_.add({first, last});
    ahead_.forget_highest(most_runs);
  }
  while (!ahead_.empty() && ahead_.lowest().first <= through_ + 1) {
    through_ = std::max(through_, ahead_.lowest().last);
    ahead_.remove_lowest();
  }
}

}  // namespace nxg::samples
