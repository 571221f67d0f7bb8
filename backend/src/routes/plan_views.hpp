#pragma once

#include "models/plan_request.hpp"
#include "models/workout_plan.hpp"
#include "schema/types.hpp"
#include "services/planning/floor_machines.hpp"
#include "services/planning/planning.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Workout plans as callers see them.
namespace nxg::routes {

/// A plan as a whole, without its days.
struct plan_summary {
  uuid id;
  /// The planning service's id of it, or ours.
  std::string plan_id;
  std::string plan_name;
  std::int32_t weekly_schedule = 0;
  nxg::difficulty_level difficulty_level = nxg::difficulty_level::beginner;
  std::int32_t plan_duration_weeks = 0;
  std::int32_t workout_days_count = 0;
  plan_source source = plan_source::service;
  instant last_refreshed{};
  instant next_refresh_date{};
  instant cache_expiry{};
};
BOOST_DESCRIBE_STRUCT(plan_summary, (),
                      (id, plan_id, plan_name, weekly_schedule, difficulty_level, plan_duration_weeks,
                       workout_days_count, source, last_refreshed, next_refresh_date, cache_expiry))

struct plan_view : plan_summary {
  std::vector<plan_day> workout_days;
};
BOOST_DESCRIBE_STRUCT(plan_view, (plan_summary), (workout_days))

[[nodiscard]] plan_summary summary_of(const workout_plan& plan);
[[nodiscard]] plan_view view_of(const workout_plan& plan);

/// A plan asked for without waiting.
struct pending_plan {
  uuid request_id;
  plan_request_state state = plan_request_state::pending;
  instant requested_at{};
  std::optional<instant> finished_at;
  std::optional<uuid> plan_id;
  std::optional<std::string> failed_with;
};
BOOST_DESCRIBE_STRUCT(pending_plan, (), (request_id, state, requested_at, finished_at, plan_id, failed_with))

[[nodiscard]] pending_plan view_of(const plan_request& request);

/// The answer to asking for a plan: `workoutPlan`, or `pendingRequest` where the caller does not wait.
struct plan_given {
  std::optional<plan_view> workout_plan;
  bool is_new_plan = false;
  std::optional<plan_source> source;
  bool stale = false;
  std::optional<pending_plan> pending_request;
};
BOOST_DESCRIBE_STRUCT(plan_given, (), (workout_plan, is_new_plan, source, stale, pending_request))

enum class plan_standing : std::uint8_t { none, active, needs_refresh, expired };
BOOST_DESCRIBE_ENUM(plan_standing, none, active, needs_refresh, expired)

struct plan_statistics {
  std::int64_t total_plans_count = 0;
  bool can_create_plan = false;
};
BOOST_DESCRIBE_STRUCT(plan_statistics, (), (total_plans_count, can_create_plan))

struct plan_status_view {
  plan_standing plan_status = plan_standing::none;
  bool has_active_plan = false;
  bool profile_complete = false;
  /// Pointers to what the profile lacks.
  std::vector<std::string> missing_fields;
  bool needs_refresh = false;
  bool is_expired = false;
  std::optional<plan_summary> current_plan;
  std::optional<pending_plan> pending_request;
  plan_statistics statistics;
  /// complete_profile | create_plan | refresh_plan | wait_for_plan
  std::vector<std::string> recommendations;
};
BOOST_DESCRIBE_STRUCT(plan_status_view, (),
                      (plan_status, has_active_plan, profile_complete, missing_fields, needs_refresh, is_expired,
                       current_plan, pending_request, statistics, recommendations))

[[nodiscard]] plan_status_view view_of(const planning::plan_status& status);

}  // namespace nxg::routes
