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

template <class Request>
[[nodiscard]] pending_plan pending_of(const Request& request) {
  return {request.request_id,  request.state,   request.requested_at,
          request.finished_at, request.plan_id, request.failed_with};
}

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

/// What the views of workout and of diet plans tell alike, but for the plan itself.
template <class View, class Plan, class Request>
void fill_standing(View& view, const planning::plan_standing<Plan, Request>& status, bool expired = false) {
  view.has_active_plan = status.current.has_value();
  view.profile_complete = status.missing.empty();
  for (const auto& field : status.missing) view.missing_fields.push_back(field.pointer);
  view.needs_refresh = status.needs_refresh;
  view.plan_status = !status.current        ? plan_standing::none
                     : expired              ? plan_standing::expired
                     : status.needs_refresh ? plan_standing::needs_refresh
                                            : plan_standing::active;
  if (status.request) view.pending_request = pending_of(*status.request);
  view.statistics = {static_cast<std::int64_t>(status.plans_so_far), view.profile_complete};
  const bool waits = status.request && status.request->state == plan_request_state::pending;
  if (!view.profile_complete) view.recommendations.emplace_back("complete_profile");
  if (waits) view.recommendations.emplace_back("wait_for_plan");
  if (view.profile_complete && !waits && !status.current) view.recommendations.emplace_back("create_plan");
  if (view.profile_complete && !waits && (status.needs_refresh || expired)) {
    view.recommendations.emplace_back("refresh_plan");
  }
}

[[nodiscard]] plan_status_view view_of(const planning::plan_status& status);

}  // namespace nxg::routes
