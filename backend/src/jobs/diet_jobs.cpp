#include "jobs/diet_jobs.hpp"

namespace nxg::jobs {

void add_diet_jobs(runner& to, diets::diet_refresh& refresh) {
  to.add({"diet_refresh", diet_refresh_every, [&refresh]() -> task<void> { co_await refresh.step(); }});
}

}  // namespace nxg::jobs
