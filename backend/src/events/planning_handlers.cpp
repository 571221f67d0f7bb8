#include "events/planning_handlers.hpp"

#include "events/plan_handlers.hpp"
#include "models/user.hpp"
#include "services/live/planning_messages.hpp"

namespace nxg::events {
namespace {

task<void> tell_plan(live_channel& live, plan_activated event, store::event_info info) {
  live::plan_ready_message told{.id = info.id, .at = info.at};
  told.plan_id = event.plan_id;
  told.plan_name = event.plan_name;
  told.source = event.source;
  co_await live.tell(event.member_id, told);
  if (!event.refreshes) co_return;
  live::plan_refreshed_message refreshed{.id = info.id, .at = info.at};
  refreshed.plan_id = event.plan_id;
  refreshed.plan_name = event.plan_name;
  refreshed.source = event.source;
  refreshed.replaces = *event.refreshes;
  co_await live.tell(event.member_id, refreshed);
}

task<void> follow_profile(planning::planning& plans, uuid member) {
  const auto how = co_await plans.refresh(member);
  static_cast<void>(how);  // where it could not be replaced, the daily look comes back to it
}

}  // namespace

void handle_planning_events(store::dispatcher& by, const planning_parts& with) {
  handle_plan_requests<repositories::kept_workout_plans, live::plan_ready_message>(by, "make_plan", with.plans,
                                                                                   with.live);
  by.on<plan_activated>("tell_member", [&live = with.live](const plan_activated& event, const store::event_info& info) {
    return tell_plan(live, event, info);
  });
  by.on<plan_basis_changed>("refresh_workout_plan",
                            [&plans = with.plans](const plan_basis_changed& event, const store::event_info&) {
                              return follow_profile(plans, event.member_id);
                            });
}

}  // namespace nxg::events
