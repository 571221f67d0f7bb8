#pragma once

#include "http/router.hpp"
#include "runtime/task.hpp"
#include "services/diets/diet_planning.hpp"
#include "services/diets/meal_library.hpp"

#include <functional>
#include <vector>

namespace nxg::routes {

struct nutrition_view_parts {
  diets::diet_planning& plans;
  std::function<task<std::vector<diets::library_meal>>()> library;
  runtime::clock& time;
};

/// GET /api/nutrition/daily, /api/nutrition/daily/{day}, /api/nutrition/macros and /api/nutrition/library.
void declare_nutrition_views(http::router& routes, nutrition_view_parts parts);

}  // namespace nxg::routes
