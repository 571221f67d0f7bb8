#include "events/diet_handlers.hpp"

#include "models/diet_plan.hpp"
#include "models/diet_request.hpp"
#include "schema/json.hpp"

#include <memory>

namespace nxg::events {
namespace {

using store::event_info;

class diet_handlers {
 public:
  explicit diet_handlers(const diet_parts& with) : with_{with} {}

  task<void> make(diet_plan_requested event) const { return with_.plans.fulfil(event); }

  task<void> tell_plan(diet_plan_activated event, event_info info) const {
    tell(event.member_id, {.id = info.id,
                           .at = info.at,
                           .plan_id = event.plan_id,
                           .source = event.source,
                           .request_id = {},
                           .failed_with = {}});
    co_return;
  }

  task<void> tell_settled(diet_request_settled event, event_info info) const {
    tell(event.member_id, {.id = info.id,
                           .at = info.at,
                           .plan_id = event.plan_id,
                           .source = event.plan_id ? std::optional{plan_source::last_plan} : std::nullopt,
                           .request_id = event.request_id,
                           .failed_with = event.failed_with});
    co_return;
  }

 private:
  void tell(const uuid& member, const diet_plan_ready_message& message) const {
    with_.live.to_member(live_channel::audience::notifications, member, "diet-plan:ready", schema::to_json(message));
  }
  diet_parts with_;
};

}  // namespace

void handle_diet_events(store::dispatcher& by, const diet_parts& with) {
  const auto handlers = std::make_shared<const diet_handlers>(with);
  by.on<diet_plan_requested>("make_diet_plan", [handlers](const diet_plan_requested& event, const event_info&) {
    return handlers->make(event);
  });
  by.on<diet_plan_activated>("tell_member", [handlers](const diet_plan_activated& event, const event_info& info) {
    return handlers->tell_plan(event, info);
  });
  by.on<diet_request_settled>("tell_member", [handlers](const diet_request_settled& event, const event_info& info) {
    return handlers->tell_settled(event, info);
  });
}

}  // namespace nxg::events
