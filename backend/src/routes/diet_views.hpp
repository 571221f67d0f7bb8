#pragma once

#include "models/diet_plan.hpp"
#include "routes/plan_views.hpp"
#include "services/diets/diet_planning.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Diet plans as callers see them.
namespace nxg::routes {

/// What a day should come to, until when it is said.
struct current_macros {
  double calories = 0;
  double carbs_g = 0;
  double protein_g = 0;
  double fat_g = 0;
  double fiber_g = 0;
  instant valid_till{};
};
BOOST_DESCRIBE_STRUCT(current_macros, (), (calories, carbs_g, protein_g, fat_g, fiber_g, valid_till))

struct macro_totals {
  double calories = 0;
  double carbs_g = 0;
  double protein_g = 0;
  double fat_g = 0;
  double fiber_g = 0;
};
BOOST_DESCRIBE_STRUCT(macro_totals, (), (calories, carbs_g, protein_g, fat_g, fiber_g))

/// A plan as a whole, without its meals.
struct diet_summary {
  uuid id;
  std::string plan_name;
  std::optional<double> target_weight_kg;
  macro_totals total_macros;
  std::int32_t meal_plan_days = 0;
  plan_source source = plan_source::service;
  instant last_refreshed{};
  instant next_refresh_date{};
  instant cache_expiry{};
};
BOOST_DESCRIBE_STRUCT(diet_summary, (),
                      (id, plan_name, target_weight_kg, total_macros, meal_plan_days, source, last_refreshed,
                       next_refresh_date, cache_expiry))

struct diet_meal_view {
  nxg::meal_type meal_type = nxg::meal_type::breakfast;
  std::int32_t meal_order = 1;
  std::string description_;
  std::string short_name;
  double calories = 0;
  std::optional<macro_totals> macros;
  std::vector<planned_food> foods;
  std::int32_t estimated_preparation_minutes = 0;
  /// When it is usually eaten, in the member's own time: "07:00-09:00".
  std::string meal_timing;
};
BOOST_DESCRIBE_STRUCT(diet_meal_view, (),
                      (meal_type, meal_order, description_, short_name, calories, macros, foods,
                       estimated_preparation_minutes, meal_timing))

struct diet_day_view {
  std::int32_t day = 1;
  std::string day_name;
  std::vector<diet_meal_view> meals;
  double total_calories = 0;
  std::int32_t meal_count = 0;
};
BOOST_DESCRIBE_STRUCT(diet_day_view, (), (day, day_name, meals, total_calories, meal_count))

struct diet_view : diet_summary {
  std::vector<diet_day_view> meal_plan;
};
BOOST_DESCRIBE_STRUCT(diet_view, (diet_summary), (meal_plan))

/// The answer to asking for a plan: `dietPlan`, or `pendingRequest` where the caller does not wait.
struct diet_given {
  std::optional<diet_view> diet_plan;
  bool is_new_plan = false;
  std::optional<plan_source> source;
  bool stale = false;
  std::optional<nxg::routes::current_macros> current_macros;
  std::optional<pending_plan> pending_request;
};
BOOST_DESCRIBE_STRUCT(diet_given, (), (diet_plan, is_new_plan, source, stale, current_macros, pending_request))

struct diet_status_view {
  plan_standing plan_status = plan_standing::none;
  bool has_active_plan = false;
  bool profile_complete = false;
  /// Pointers to what the profile lacks.
  std::vector<std::string> missing_fields;
  bool needs_refresh = false;
  std::optional<diet_summary> current_plan;
  std::optional<nxg::routes::current_macros> current_macros;
  std::optional<pending_plan> pending_request;
  plan_statistics statistics;
  /// complete_profile | create_plan | refresh_plan | wait_for_plan
  std::vector<std::string> recommendations;
};
BOOST_DESCRIBE_STRUCT(diet_status_view, (),
                      (plan_status, has_active_plan, profile_complete, missing_fields, needs_refresh, current_plan,
                       current_macros, pending_request, statistics, recommendations))

[[nodiscard]] macro_totals totals_of(const intake& of);
[[nodiscard]] current_macros macros_of(const diet_plan& plan);
[[nodiscard]] diet_summary summary_of(const diet_plan& plan);
[[nodiscard]] diet_day_view view_of(const diet_day& day);
[[nodiscard]] diet_view view_of(const diet_plan& plan);
[[nodiscard]] diet_status_view view_of(const diets::diet_status& status);

}  // namespace nxg::routes
