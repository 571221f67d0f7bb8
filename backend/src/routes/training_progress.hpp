#pragma once

#include "http/router.hpp"
#include "services/training/records.hpp"
#include "services/training/training_week.hpp"

namespace nxg::routes {

/// Personal records, estimates, adherence to the plan and what to do next. Both outlive the router.
void declare_training_progress(http::router& routes, training::records& records, training::training_week& week);

}  // namespace nxg::routes
