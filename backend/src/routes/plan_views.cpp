#include "routes/plan_views.hpp"

#include <algorithm>

namespace nxg::routes {

plan_summary summary_of(const workout_plan& plan) {
  plan_summary view;
  view.id = plan.id;
  view.plan_id = plan.service_plan_id.empty() ? plan.id.to_string() : plan.service_plan_id;
  view.plan_name = plan.content.plan_name;
  view.weekly_schedule = static_cast<std::int32_t>(
      std::ranges::count_if(plan.content.days, [](const plan_day& day) { return !day.is_rest_day; }));
  view.difficulty_level = plan.content.difficulty;
  view.plan_duration_weeks = plan.content.duration_weeks;
  view.workout_days_count = view.weekly_schedule;
  view.source = plan.source;
  view.last_refreshed = plan.created_at;
  view.next_refresh_date = plan.next_refresh_at;
  view.cache_expiry = plan.fresh_until;
  return view;
}

plan_view view_of(const workout_plan& plan) {
  plan_view view{summary_of(plan), {}};
  view.workout_days = plan.content.days;
  return view;
}

pending_plan view_of(const plan_request& request) {
  return {request.request_id,  request.state,   request.requested_at,
          request.finished_at, request.plan_id, request.failed_with};
}

plan_status_view view_of(const planning::plan_status& status) {
  plan_status_view view;
  view.has_active_plan = status.current.has_value();
  view.profile_complete = status.missing.empty();
  for (const auto& field : status.missing) view.missing_fields.push_back(field.pointer);
  view.needs_refresh = status.needs_refresh;
  view.is_expired = status.expired;
  view.plan_status = !status.current        ? plan_standing::none
                     : status.expired       ? plan_standing::expired
                     : status.needs_refresh ? plan_standing::needs_refresh
                                            : plan_standing::active;
  if (status.current) view.current_plan = summary_of(*status.current);
  if (status.request) view.pending_request = view_of(*status.request);
  view.statistics = {static_cast<std::int64_t>(status.plans_so_far), view.profile_complete};
  const bool waits = status.request && status.request->state == plan_request_state::pending;
  if (!view.profile_complete) view.recommendations.emplace_back("complete_profile");
  if (waits) view.recommendations.emplace_back("wait_for_plan");
  if (view.profile_complete && !waits && !status.current) view.recommendations.emplace_back("create_plan");
  if (view.profile_complete && !waits && (status.needs_refresh || status.expired)) {
    view.recommendations.emplace_back("refresh_plan");
  }
  return view;
}

}  // namespace nxg::routes
