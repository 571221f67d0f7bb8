#pragma once

#include "jobs/periodic.hpp"
#include "services/planning/plan_refresh.hpp"

#include <chrono>

namespace nxg::jobs {

/// A few plans each time, so that the service's quota is used evenly.
void add_plan_jobs(runner& to, planning::plan_refresh& refresh,
                   std::chrono::milliseconds every = std::chrono::minutes{1});

}  // namespace nxg::jobs
