#include "events/planning_handlers.hpp"

#include "models/plan_request.hpp"
#include "models/workout_plan.hpp"
#include "schema/json.hpp"

#include <memory>

namespace nxg::events {
namespace {

using store::event_info;

class planning_handlers {
 public:
  explicit planning_handlers(const planning_parts& with) : with_{with} {}

  task<void> make(plan_requested event) const { return with_.plans.fulfil(event); }

  task<void> tell_plan(plan_activated event, event_info info) const {
    tell(event.member_id, {.id = info.id,
                           .at = info.at,
                           .plan_id = event.plan_id,
                           .plan_name = event.plan_name,
                           .source = event.source,
                           .request_id = {},
                           .failed_with = {}});
    if (event.refreshes) tell_refreshed(event, info);
    co_return;
  }

  task<void> tell_settled(plan_request_settled event, event_info info) const {
    tell(event.member_id, {.id = info.id,
                           .at = info.at,
                           .plan_id = event.plan_id,
                           .plan_name = {},
                           .source = event.plan_id ? std::optional{plan_source::last_plan} : std::nullopt,
                           .request_id = event.request_id,
                           .failed_with = event.failed_with});
    co_return;
  }

 private:
  void tell_refreshed(const plan_activated& event, const event_info& info) const {
    const plan_refreshed_message message{.id = info.id,
                                         .at = info.at,
                                         .plan_id = event.plan_id,
                                         .plan_name = event.plan_name,
                                         .source = event.source,
                                         .replaces = *event.refreshes};
    with_.live.to_member(live_channel::audience::workouts, event.member_id, "plan:refreshed", schema::to_json(message));
  }
  void tell(const uuid& member, const plan_ready_message& message) const {
    with_.live.to_member(live_channel::audience::workouts, member, "plan:ready", schema::to_json(message));
  }
  planning_parts with_;
};

}  // namespace

void handle_planning_events(store::dispatcher& by, const planning_parts& with) {
  const auto handlers = std::make_shared<const planning_handlers>(with);
  by.on<plan_requested>("make_plan",
                        [handlers](const plan_requested& event, const event_info&) { return handlers->make(event); });
  by.on<plan_activated>("tell_member", [handlers](const plan_activated& event, const event_info& info) {
    return handlers->tell_plan(event, info);
  });
  by.on<plan_request_settled>("tell_member", [handlers](const plan_request_settled& event, const event_info& info) {
    return handlers->tell_settled(event, info);
  });
}

}  // namespace nxg::events
