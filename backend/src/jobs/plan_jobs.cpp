#include "jobs/plan_jobs.hpp"

namespace nxg::jobs {

void add_plan_jobs(runner& to, planning::plan_refresh& refresh, std::chrono::milliseconds every) {
  to.add({"plan_refresh", every, [&refresh] { return refresh.step(); }});
}

}  // namespace nxg::jobs
