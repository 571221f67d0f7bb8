#include "events/body_handlers.hpp"

#include "models/body_metrics.hpp"
#include "schema/json.hpp"
#include "services/live/body_messages.hpp"

#include <memory>

namespace nxg::events {
namespace {

using store::event_info;

class body_handlers {
 public:
  explicit body_handlers(const body_parts& with) : with_{with} {}

  task<void> complete(body_metrics_changed event, event_info info) const {
    const auto newest = co_await with_.metrics.complete(event);
    live::metrics_updated_message message{.id = info.id, .at = info.at, .changed = event.changed};
    if (newest) {
      message.recorded_at = newest->recorded_at;
      message.bmi = newest->calculated->bmi;
      if (const auto& weight = newest->values->weight_kg) message.weight_kg = static_cast<double>(*weight);
    }
    with_.live.show<live::metrics_updated_message>(event.member_id, schema::to_json(message));
  }

 private:
  body_parts with_;
};

}  // namespace

void handle_body_events(store::dispatcher& by, const body_parts& with) {
  const auto handlers = std::make_shared<const body_handlers>(with);
  by.on<body_metrics_changed>("complete_history",
                              [handlers](const body_metrics_changed& event, const event_info& info) {
                                return handlers->complete(event, info);
                              });
}

}  // namespace nxg::events
