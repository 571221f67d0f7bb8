#include "events/diet_handlers.hpp"

#include "models/diet_plan.hpp"
#include "models/diet_request.hpp"
#include "services/live/diet_messages.hpp"

#include <memory>

namespace nxg::events {
namespace {

using store::event_info;

class diet_handlers {
 public:
  explicit diet_handlers(const diet_parts& with) : with_{with} {}

  task<void> make(diet_plan_requested event) const { return with_.plans.fulfil(event); }

  task<void> tell_plan(diet_plan_activated event, event_info info) const {
    live::diet_plan_ready_message told{.id = info.id, .at = info.at};
    told.plan_id = event.plan_id;
    told.source = event.source;
    co_await with_.live.tell(event.member_id, told);
  }

  task<void> tell_settled(diet_request_settled event, event_info info) const {
    live::diet_plan_ready_message told{.id = info.id, .at = info.at};
    told.plan_id = event.plan_id;
    if (event.plan_id) told.source = plan_source::last_plan;
    told.request_id = event.request_id;
    told.failed_with = event.failed_with;
    co_await with_.live.tell(event.member_id, told);
  }

 private:
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
