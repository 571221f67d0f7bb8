#include "events/training_handlers.hpp"

#include "models/exercise_log.hpp"
#include "models/workout.hpp"
#include "models/workout_plan.hpp"
#include "services/live/training_messages.hpp"
#include "services/training/record_figures.hpp"

#include <chrono>
#include <memory>

namespace nxg::events {
namespace {

using store::event_info;

/// Records of entries older than that are no news: they come with corrections and with histories that are counted anew.
constexpr std::chrono::hours news_for{48};

class training_handlers {
 public:
  explicit training_handlers(const training_parts& with) : with_{with} {}

  task<void> log_sets(workout_summarized event) const { return with_.diary.take_workout(event.workout_id); }
  task<void> set_records(exercise_log_changed event) const {
    return with_.records.set(event.member_id, event.exercise_id, event.exercise_name);
  }
  task<void> award(personal_records_changed event) const { return with_.records.award(std::move(event)); }
  task<void> carry_over(plan_activated event) const { return with_.customisation.carry_over(event.member_id); }

  task<void> tell(personal_records_changed event, event_info info) const {
    const auto row = co_await with_.records.find(event.member_id, event.exercise_id);
    if (!row) co_return;
    const auto& now = row->figures;
    for (const auto& one : event.won) {
      if (one.at < with_.time.now() - news_for) continue;
      // One cause may have told of several entries: each is an event of its own.
      live::personal_record_message told{.id = uuid::derived_from(info.id.to_string() + ':' + one.log_id.to_string()),
                                         .at = info.at};
      told.exercise_id = event.exercise_id;
      told.exercise_name = event.exercise_name;
      told.log_id = one.log_id;
      told.kinds = one.kinds;
      if (now.max_weight) told.max_weight_kg = now.max_weight->weight_kg;
      if (const auto best = training::best_estimate(now, training::one_rep_max_formula::epley))
        told.estimated_one_rep_max_kg = best->value.kilograms;
      if (now.max_volume) told.max_volume_kg = now.max_volume->volume_kg;
      co_await with_.live.tell(event.member_id, told);
    }
  }

 private:
  training_parts with_;
};

}  // namespace

void handle_training_events(store::dispatcher& by, const training_parts& with) {
  const auto handlers = std::make_shared<const training_handlers>(with);
  by.on<workout_summarized>(
      "log_sets", [handlers](const workout_summarized& event, const event_info&) { return handlers->log_sets(event); });
  by.on<exercise_log_changed>("set_records", [handlers](const exercise_log_changed& event, const event_info&) {
    return handlers->set_records(event);
  });
  by.on<personal_records_changed>(
      "award", [handlers](const personal_records_changed& event, const event_info&) { return handlers->award(event); });
  by.on<personal_records_changed>("tell_member",
                                  [handlers](const personal_records_changed& event, const event_info& info) {
                                    return handlers->tell(event, info);
                                  });
  by.on<plan_activated>("carry_overlay", [handlers](const plan_activated& event, const event_info&) {
    return handlers->carry_over(event);
  });
}

}  // namespace nxg::events
