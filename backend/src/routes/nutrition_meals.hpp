#pragma once

#include "http/router.hpp"
#include "runtime/clock.hpp"
#include "services/meals/balance.hpp"
#include "services/meals/diary.hpp"
#include "services/meals/photographs.hpp"

namespace nxg::routes {

/// What the routes work with; all of it outlives the router.
struct nutrition_parts {
  meals::diary& diary;
  meals::photographs& pictures;
  meals::balance& balance;
  runtime::clock& time;
};

/// Meals, their pictures, water, and what the day comes to.
void declare_nutrition_meals(http::router& routes, const nutrition_parts& with);

}  // namespace nxg::routes
