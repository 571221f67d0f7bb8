#pragma once

#include "http/router.hpp"
#include "repositories/foods.hpp"

namespace nxg::routes {

/// GET /api/nutrition/foods and /api/nutrition/foods/{foodId}. The foods outlive the router.
void declare_nutrition_foods(http::router& routes, repositories::foods& foods);

}  // namespace nxg::routes
