#include "events/planning_handlers.hpp"

#include "models/plan_request.hpp"
#include "models/workout_plan.hpp"
#include "services/live/planning_messages.hpp"

#include <memory>

namespace nxg::events {
namespace {

using store::event_info;

class planning_handlers {
 public:
  explicit planning_handlers(const planning_parts& with) : with_{with} {}

  task<void> make(plan_requested event) const { return with_.plans.fulfil(event); }

  task<void> tell_plan(plan_activated event, event_info info) const {
    live::plan_ready_message told{.id = info.id, .at = info.at};
    told.plan_id = event.plan_id;
    told.plan_name = event.plan_name;
    told.source = event.source;
    co_await with_.live.tell(event.member_id, told);
    if (event.refreshes) co_await tell_refreshed(event, info);
  }

  task<void> tell_settled(plan_request_settled event, event_info info) const {
    live::plan_ready_message told{.id = info.id, .at = info.at};
    told.plan_id = event.plan_id;
    if (event.plan_id) told.source = plan_source::last_plan;
    told.request_id = event.request_id;
    told.failed_with = event.failed_with;
    co_await with_.live.tell(event.member_id, told);
  }

 private:
  task<void> tell_refreshed(plan_activated event, event_info info) const {
    live::plan_refreshed_message told{.id = info.id, .at = info.at};
    told.plan_id = event.plan_id;
    told.plan_name = event.plan_name;
    told.source = event.source;
    told.replaces = *event.refreshes;
    co_await with_.live.tell(event.member_id, told);
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
