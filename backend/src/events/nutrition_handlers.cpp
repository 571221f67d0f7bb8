#include "events/nutrition_handlers.hpp"

#include "models/nutrition_day.hpp"
#include "services/live/nutrition_messages.hpp"

#include <memory>
#include <utility>

namespace nxg::events {
namespace {

using store::event_info;

class nutrition_handlers {
 public:
  explicit nutrition_handlers(const nutrition_event_parts& with) : with_{with} {}

  task<void> set_day(uuid member, schema::local_date date, event_info info) const {
    co_await with_.balance.set_day(member, date);
    const auto day = co_await with_.balance.kept(member, date);
    if (!day) co_return;
    const live::daily_progress_message told{.id = info.id,
                                            .at = info.at,
                                            .date = date,
                                            .meals = day->so_far.meals,
                                            .consumed = day->so_far.consumed,
                                            .water_ml = day->so_far.water_ml,
                                            .remaining = day->remaining};
    co_await with_.live.tell(member, told);
  }

  task<void> award(meal_changed event) const {
    return with_.awards.award_day(event.member_id, event.local_date, event.meal_id);
  }

  task<void> tell_analyzed(meal_analyzed event, event_info info) const {
    const live::meal_analyzed_message told{info.id, info.at, event.meal_id, event.status};
    co_await with_.live.tell(event.member_id, told);
  }

  task<void> forget(meal_picture_left event) const { return with_.pictures.forget(std::move(event.image_key)); }

 private:
  nutrition_event_parts with_;
};

}  // namespace

void handle_nutrition_events(store::dispatcher& by, const nutrition_event_parts& with) {
  const auto handlers = std::make_shared<const nutrition_handlers>(with);
  by.on<meal_changed>("balance", [handlers](const meal_changed& event, const event_info& info) {
    return handlers->set_day(event.member_id, event.local_date, info);
  });
  by.on<meal_changed>("points",
                      [handlers](const meal_changed& event, const event_info&) { return handlers->award(event); });
  by.on<meal_analyzed>("tell_member", [handlers](const meal_analyzed& event, const event_info& info) {
    return handlers->tell_analyzed(event, info);
  });
  by.on<meal_picture_left>("remove_picture", [handlers](const meal_picture_left& event, const event_info&) {
    return handlers->forget(event);
  });
  by.on<water_logged>("balance", [handlers](const water_logged& event, const event_info& info) {
    return handlers->set_day(event.member_id, event.local_date, info);
  });
}

}  // namespace nxg::events
