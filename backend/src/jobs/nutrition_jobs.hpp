#pragma once

#include "jobs/periodic.hpp"
#include "services/meals/photographs.hpp"
#include "telemetry/log.hpp"

#include <chrono>

namespace nxg::jobs {

struct nutrition_job_settings {
  std::chrono::milliseconds catch_up_every{20'000};
  std::chrono::milliseconds left_pictures_every{std::chrono::hours{24}};
  /// A picture no meal names is left alone that long: its meal may be about to be written.
  std::chrono::hours left_pictures_grace{7 * 24};
};

/// Looks at pictures that wait for the detection service, and removes pictures that crashes left behind.
void add_nutrition_jobs(runner& to, meals::photographs& pictures, telemetry::logger log,
                        nutrition_job_settings settings = {});

}  // namespace nxg::jobs
