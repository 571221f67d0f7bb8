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

plan_status_view view_of(const planning::plan_status& status) {
  plan_status_view view;
  fill_standing(view, status, status.expired);
  view.is_expired = status.expired;
  if (status.current) view.current_plan = summary_of(*status.current);
  return view;
}

}  // namespace nxg::routes
