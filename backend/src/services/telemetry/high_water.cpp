#include "services/telemetry/high_water.hpp"

#include <algorithm>

namespace nxg::samples {

bool high_water::is_done(std::int64_t seq) const noexcept {
  if (seq <= through_) return true;
  return std::ranges::any_of(ahead_, [seq](const seq_run& one) { return seq >= one.first && seq <= one.last; });
}

void high_water::done(std::int64_t first, std::int64_t last) {
  if (first <= through_ + 1) {
    through_ = std::max(through_, last);
  } else {
    const auto place = std::ranges::lower_bound(ahead_, first, {}, &seq_run::first);
    ahead_.insert(place, {first, last});
  }
  if (ahead_.empty()) return;
  // Join what touches.
  std::vector<seq_run> joined;
  for (const auto& one : ahead_) {
    if (one.first <= through_ + 1) {
      through_ = std::max(through_, one.last);
    } else if (!joined.empty() && one.first <= joined.back().last + 1) {
      joined.back().last = std::max(joined.back().last, one.last);
    } else {
      joined.push_back(one);
    }
  }
  if (joined.size() > most_runs) joined.pop_back();
  ahead_ = std::move(joined);
}

}  // namespace nxg::samples
