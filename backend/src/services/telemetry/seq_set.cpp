#include "services/telemetry/seq_set.hpp"

#include <algorithm>

namespace nxg::samples {

bool seq_set::contains(std::int64_t seq) const noexcept {
  if (runs_.empty() || seq > runs_.back().last) return false;
  const auto at = std::ranges::lower_bound(runs_, seq, {}, &seq_run::last);
  return at->first <= seq;
}

void seq_set::add(seq_run run) {
  if (runs_.empty() || run.first > runs_.back().last + 1) {
    runs_.push_back(run);
    return;
  }
  // Those it touches become one with it.
  const auto begin = std::ranges::lower_bound(runs_, run.first - 1, {}, &seq_run::last);
  auto end = begin;
  for (; end != runs_.end() && end->first <= run.last + 1; ++end) {
    run.first = std::min(run.first, end->first);
    run.last = std::max(run.last, end->last);
  }
  if (begin == end) {
    runs_.insert(begin, run);
  } else {
    *begin = run;
    runs_.erase(begin + 1, end);
  }
}

void seq_set::forget_highest(std::size_t beyond) {
  if (runs_.size() > beyond) runs_.resize(beyond);
}

void seq_set::forget_lowest(std::size_t beyond) {
  if (runs_.size() > beyond) runs_.erase(runs_.begin(), runs_.end() - static_cast<std::ptrdiff_t>(beyond));
}

}  // namespace nxg::samples
