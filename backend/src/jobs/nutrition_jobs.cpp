#include "jobs/nutrition_jobs.hpp"

#include <utility>

namespace nxg::jobs {
namespace {

constexpr std::size_t most_catching_up = 20;

task<void> catch_up(meals::photographs& pictures, telemetry::logger log) {
  const auto settled = co_await pictures.catch_up(most_catching_up);
  if (settled > 0) log.info("pictures of meals that waited have been settled", {{"meals", settled}});
}

}  // namespace

void add_nutrition_jobs(runner& to, meals::photographs& pictures, telemetry::logger log,
                        std::chrono::milliseconds every) {
  to.add({"waiting_meal_pictures", every, [&pictures, log = std::move(log)] { return catch_up(pictures, log); }});
}

}  // namespace nxg::jobs
