#pragma once

#include "http/router.hpp"
#include "services/foods/food_database.hpp"

namespace nxg::routes {

/// GET /api/nutrition/foods and /api/nutrition/foods/{foodId}. The database outlives the router.
void declare_nutrition_foods(http::router& routes, foods::food_database& database);

}  // namespace nxg::routes
