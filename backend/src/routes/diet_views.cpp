#include "routes/diet_views.hpp"

#include <cmath>
#include <string_view>

namespace nxg::routes {
namespace {

struct habit {
  std::string_view hours;
  std::int32_t minutes = 0;
};

// The usual hours of each meal, and how long it usually takes to make.
habit habit_of(meal_type type) {
  switch (type) {
    case meal_type::breakfast: return {"07:00-09:00", 10};
    case meal_type::morning_snack: return {"10:00-11:00", 5};
    case meal_type::lunch: return {"12:00-14:00", 25};
    case meal_type::evening_snack: return {"16:00-17:00", 5};
    case meal_type::dinner: return {"19:00-21:00", 30};
    case meal_type::snack: return {"21:00-22:00", 5};
  }
  return {"", 0};
}

diet_meal_view view_of_meal(const planned_meal& meal) {
  const auto usual = habit_of(meal.meal_type);
  diet_meal_view view;
  view.meal_type = meal.meal_type;
  view.meal_order = meal.meal_order;
  view.description_ = meal.meal_description;
  view.short_name = meal.short_name;
  view.calories = meal.calories;
  if (meal.nutrition) view.macros = totals_of(*meal.nutrition);
  view.foods = meal.foods;
  view.estimated_preparation_minutes = usual.minutes;
  view.meal_timing = usual.hours;
  return view;
}

}  // namespace

macro_totals totals_of(const intake& of) { return {of.energy_kcal, of.carbs_g, of.protein_g, of.fat_g, of.fiber_g}; }

current_macros macros_of(const diet_plan& plan) {
  const auto& of = plan.content->total_macros;
  return {of.energy_kcal, of.carbs_g, of.protein_g, of.fat_g, of.fiber_g, plan.next_refresh_at};
}

diet_summary summary_of(const diet_plan& plan) {
  diet_summary view;
  view.id = plan.id;
  view.plan_name = plan.content->plan_name;
  view.target_weight_kg = plan.content->target_weight_kg;
  view.total_macros = totals_of(plan.content->total_macros);
  view.meal_plan_days = static_cast<std::int32_t>(plan.content->days.size());
  view.source = plan.source;
  view.last_refreshed = plan.created_at;
  view.next_refresh_date = plan.next_refresh_at;
  view.cache_expiry = plan.fresh_until;
  return view;
}

diet_day_view view_of(const diet_day& day) {
  diet_day_view view;
  view.day = day.day;
  view.day_name = day.day_name;
  for (const auto& meal : day.meals) view.meals.push_back(view_of_meal(meal));
  view.total_calories = std::round(day.total_calories() * 10) / 10;
  view.meal_count = static_cast<std::int32_t>(day.meals.size());
  return view;
}

diet_view view_of(const diet_plan& plan) {
  diet_view view{summary_of(plan), {}};
  for (const auto& day : plan.content->days) view.meal_plan.push_back(view_of(day));
  return view;
}

diet_status_view view_of(const diets::diet_status& status) {
  diet_status_view view;
  fill_standing(view, status);
  if (status.current) {
    view.current_plan = summary_of(*status.current);
    view.current_macros = macros_of(*status.current);
  }
  return view;
}

}  // namespace nxg::routes
