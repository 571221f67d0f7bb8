#include "jobs/floor_jobs.hpp"

#include <memory>

namespace nxg::jobs {
namespace {

class floor_work {
 public:
  explicit floor_work(const floor_job_parts& with) : with_{with} {}

  task<void> fold() const {
    const auto done = co_await with_.folder.fold();
    if (done.recomputed > 0) {
      with_.log.info("samples came late: workouts were computed again",
                     {{"workouts", done.recomputed}, {"samples", done.samples}});
    }
  }
  task<void> watch_backlog() const {
    const auto waiting = co_await with_.segments.count();
    const auto oldest = co_await with_.segments.oldest(with_.time.now(), 1);
    const auto age =
        oldest.items.empty() ? std::chrono::milliseconds{0} : with_.time.now() - oldest.items.front().inserted_at;
    with_.journal.set_backlog(waiting, age);
  }
  task<void> sweep() const {
    co_await with_.presence.mark_offline();
    co_await with_.links.release_expired();
    co_await with_.links.release_abandoned();
  }
  task<void> end_visits() const { co_await with_.visits.end_due(); }

 private:
  floor_job_parts with_;
};

}  // namespace

void add_floor_jobs(runner& to, const floor_job_parts& with, floor_job_settings settings) {
  const auto work = std::make_shared<const floor_work>(with);
  to.add({"fold", settings.fold_every, [work] { return work->fold(); }});
  to.add({"journal_backlog", settings.watch_backlog_every, [work] { return work->watch_backlog(); }, false});
  to.add({"floor_sweep", settings.sweep_every, [work] { return work->sweep(); }});
  to.add({"visits", settings.end_visits_every, [work] { return work->end_visits(); }});
}

}  // namespace nxg::jobs
