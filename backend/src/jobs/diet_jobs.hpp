#pragma once

#include "jobs/periodic.hpp"
#include "services/diets/diet_refresh.hpp"

#include <chrono>

namespace nxg::jobs {

inline constexpr std::chrono::minutes diet_refresh_every{1};

/// A few diet plans each time.
void add_diet_jobs(runner& to, diets::diet_refresh& refresh);

}  // namespace nxg::jobs
