#include "services/workouts/closing.hpp"

#include "store/wrote_first.hpp"

#include <algorithm>

namespace nxg::workouts {

task<all_figures> closing::provisional(workout of) {
  const auto samples = co_await samples_.all(of.id);
  co_return figures_of(samples, of.machine_class, of.body.value());
}

task<bool> closing::summarize(workout read) {
  // What its figures were made of may be gone: then they are all there is.
  const bool whole = time_.now() - read.started_at < samples_kept_;
  if (read.state == workout_state::final_ && !whole) co_return false;
  const auto samples = co_await samples_.folded(read.id);
  const auto figures = figures_of(samples, read.machine_class, read.body.value());
  const bool same = read.state == workout_state::final_ && read.figures == figures.workout &&
                    read.heart_rate.value() == figures.heart_rate;
  if (same) co_return false;
  // Somebody else changed it: the workout is still due, or was computed by whoever changed it.
  auto summary = workouts_.summarize(read, figures.workout, figures.heart_rate, time_.now());
  co_return co_await store::wrote_first(std::move(summary));
}

task<std::size_t> closing::finalize_due(instant folded_through) {
  std::size_t finalized = 0;
  while (true) {
    const auto due = co_await workouts_.due(folded_through);
    std::size_t now = 0;
    for (const auto& one : due) {
      const bool written = co_await summarize(one);
      if (written) ++now;
    }
    finalized += now;
    if (now == 0) co_return finalized;
  }
}

task<std::size_t> closing::take_in_late(std::vector<uuid> links) {
  std::size_t changed = 0;
  for (std::size_t begin = 0; begin < links.size(); begin += 500) {
    const auto end = std::min(links.size(), begin + 500);
    const std::vector<uuid> some(links.begin() + static_cast<std::ptrdiff_t>(begin),
                                 links.begin() + static_cast<std::ptrdiff_t>(end));
    // A conflict leaves one behind: read again until all agree with their samples.
    for (bool again = true; again;) {
      again = false;
      const auto over = co_await workouts_.ended_among(some);
      for (const auto& one : over) {
        if (one.state == workout_state::closing) {
          // Another process that thinks it has the lease may be making it final of what was folded before: it has to
          // read again, or it was first.
          const bool still = co_await workouts_.disturb(one.id);
          again = again || !still;
          continue;
        }
        const bool written = co_await summarize(one);
        if (!written) continue;
        ++changed;
        again = true;
      }
    }
  }
  co_return changed;
}

}  // namespace nxg::workouts
