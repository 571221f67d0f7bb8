#pragma once

#include "jobs/periodic.hpp"
#include "services/meals/photographs.hpp"
#include "telemetry/log.hpp"

#include <chrono>

namespace nxg::jobs {

/// Looks at pictures that wait for the detection service.
void add_nutrition_jobs(runner& to, meals::photographs& pictures, telemetry::logger log,
                        std::chrono::milliseconds every = std::chrono::seconds{20});

}  // namespace nxg::jobs
