#pragma once

#include "http/router.hpp"

namespace nxg::routes {

/// `/api/formulas`: what the gym calculates with.
void declare_formulas(http::router& routes);

}  // namespace nxg::routes
