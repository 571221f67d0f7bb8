#include "events/diet_handlers.hpp"

#include "events/plan_handlers.hpp"
#include "models/user.hpp"
#include "services/live/diet_messages.hpp"

namespace nxg::events {
namespace {

task<void> follow_profile(diets::diet_planning& plans, uuid member) {
  const auto how = co_await plans.follow(member);
  static_cast<void>(how);  // where it could not be replaced, it is due, and the refresh comes to it
}

}  // namespace

void handle_diet_events(store::dispatcher& by, const diet_parts& with) {
  handle_plan_requests<repositories::kept_diet_plans, live::diet_plan_ready_message>(by, "make_diet_plan", with.plans,
                                                                                     with.live);
  by.on<diet_plan_activated>("tell_member",
                             [&live = with.live](const diet_plan_activated& event, const store::event_info& info) {
                               live::diet_plan_ready_message told{.id = info.id, .at = info.at};
                               told.plan_id = event.plan_id;
                               told.source = event.source;
                               return live.tell(event.member_id, told);
                             });
  by.on<plan_basis_changed>("refresh_diet_plan",
                            [&plans = with.plans](const plan_basis_changed& event, const store::event_info&) {
                              return follow_profile(plans, event.member_id);
                            });
}

}  // namespace nxg::events
