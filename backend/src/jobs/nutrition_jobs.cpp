#include "jobs/nutrition_jobs.hpp"

#include <memory>
#include <string>
#include <utility>

namespace nxg::jobs {
namespace {

constexpr std::size_t most_catching_up = 20;
constexpr std::size_t looked_at_once = 500;
// 500,000 pictures a night; what is left then has its turn in the next one, from where this one stopped.
constexpr int most_pages = 1'000;

class nutrition_work {
 public:
  nutrition_work(meals::photographs& pictures, telemetry::logger log, nutrition_job_settings settings)
      : pictures_{pictures}, log_{std::move(log)}, settings_{settings} {}

  task<void> catch_up() {
    const auto settled = co_await pictures_.catch_up(most_catching_up);
    if (settled > 0) log_.info("pictures of meals that waited have been settled", {{"meals", settled}});
  }

  task<void> remove_left_behind() {
    std::size_t removed = 0;
    for (int page = 0; page < most_pages; ++page) {
      const auto done = co_await pictures_.remove_left_behind(position_, looked_at_once, settings_.left_pictures_grace);
      removed += done.removed;
      position_ = done.next;
      if (position_.empty()) break;
    }
    if (removed > 0) log_.info("pictures no meal names were removed", {{"pictures", removed}});
  }

 private:
  meals::photographs& pictures_;
  telemetry::logger log_;
  nutrition_job_settings settings_;
  std::string position_;
};

}  // namespace

void add_nutrition_jobs(runner& to, meals::photographs& pictures, telemetry::logger log,
                        nutrition_job_settings settings) {
  const auto work = std::make_shared<nutrition_work>(pictures, std::move(log), settings);
  to.add({"waiting_meal_pictures", settings.catch_up_every, [work] { return work->catch_up(); }});
  to.add({"left_meal_pictures", settings.left_pictures_every, [work] { return work->remove_left_behind(); }});
}

}  // namespace nxg::jobs
