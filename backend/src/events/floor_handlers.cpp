#include "events/floor_handlers.hpp"

#include "services/live/floor_messages.hpp"
#include "services/live/staff_messages.hpp"

#include <memory>
#include <utility>

namespace nxg::events {
namespace {

using store::event_info;

template <class Message>
Message message_of(const workout& of, const workouts::all_figures& figures, const event_info& info) {
  Message made;
  static_cast<workouts::workout_details&>(made) = workouts::details_of(of, figures);
  made.id = info.id;
  made.at = info.at;
  return made;
}

/// What must come true: each of these may run any number of times.
class consequences {
 public:
  explicit consequences(const floor_parts& with) : with_{with} {}

  task<void> linked(machine_linked event) const { return with_.links.on_linked(std::move(event)); }
  task<void> unlinked(machine_unlinked event) const { return with_.links.on_unlinked(std::move(event)); }
  task<void> visit_begun(visit_started event) const { return with_.visits.on_started(event); }
  task<void> visit_over(visit_ended event) const { return with_.visits.on_ended(event); }
  task<void> suspended(account_suspended event) const { return with_.visits.on_suspended(event); }
  task<void> member_day(workout_summarized event) const {
    return with_.rows.set_member_day(event.member_id, event.local_date);
  }
  task<void> machine_day(workout_summarized event) const {
    return with_.rows.set_machine_day(event.machine_id, event.branch_id, event.local_date);
  }
  task<void> award(workout_summarized event) const { return with_.points.award_workout(event.workout_id); }

  task<void> move_balance(points_changed event, event_info info) const {
    const auto balance = co_await with_.points.apply(event, info.id);
    if (event.difference <= 0) co_return;
    const live::points_awarded_message told{info.id,           info.at,         event.difference, event.reason,
                                            event.source_type, event.source_id, balance.balance};
    co_await with_.live.tell(event.member_id, told);
  }

 private:
  floor_parts with_;
};

/// What people and machines are told; nothing depends on it.
class announcements {
 public:
  explicit announcements(const floor_parts& with) : with_{with} {}

  task<void> linked(machine_linked event, event_info info) const {
    const auto& link = event.link;
    const live::machine_linked_message told{info.id, info.at, link.link_id, link.alias, link.since, link.expires_at};
    with_.live.tell_machine(event.machine_id, told);
    co_return;
  }
  task<void> unlinked(machine_unlinked event, event_info info) const {
    const live::machine_unlinked_message told{info.id, info.at, event.link.link_id, event.reason};
    with_.live.tell_machine(event.machine_id, told);
    co_return;
  }
  task<void> status(machine_status_changed event, event_info info) const {
    const auto now = co_await with_.machines.find(event.machine_id);
    if (!now) co_return;
    const auto at = with_.time.now();
    const live::machine_status_message told{
        info.id, info.at, now->id, now->branch_id, status_of(*now, at), status_since_of(*now, at)};
    with_.live.tell_branch(now->branch_id, told);
  }
  task<void> visit_begun(visit_started event, event_info info) const {
    live::session_started_message told;
    describe(told, event.visit_id, event.branch_id, info);
    co_await with_.live.tell(event.member_id, told);
  }
  task<void> visit_over(visit_ended event, event_info info) const {
    live::session_ended_message told;
    describe(told, event.visit_id, event.branch_id, info);
    told.reason = event.reason;
    co_await with_.live.tell(event.member_id, told);
  }
  task<void> taken(machine_linked event, event_info info) const {
    const live::machine_taken_message told{
        info.id, info.at, event.branch_id, event.machine_id, event.link.link_id, event.link.member_id};
    with_.live.tell_staff(event.branch_id, told);
    co_return;
  }
  task<void> freed(machine_unlinked event, event_info info) const {
    const auto& link = event.link;
    const live::machine_freed_message told{info.id,      info.at,        event.branch_id, event.machine_id,
                                           link.link_id, link.member_id, event.reason};
    with_.live.tell_staff(event.branch_id, told);
    co_return;
  }
  task<void> arrived(visit_started event, event_info info) const {
    live::member_arrived_message told{info.id, info.at, event.branch_id, event.visit_id, event.member_id, {}};
    told.name = co_await with_.floor.name_of(event.member_id);
    with_.live.tell_staff(event.branch_id, told);
  }
  task<void> left(visit_ended event, event_info info) const {
    const live::member_left_message told{info.id,        info.at,         event.branch_id,
                                         event.visit_id, event.member_id, event.reason};
    with_.live.tell_staff(event.branch_id, told);
    co_return;
  }
  task<void> workout_begun(workout_started event, event_info info) const {
    const auto of = co_await with_.workouts.find(event.workout_id);
    if (!of) co_return;
    const live::workout_started_message told{info.id,        info.at,          of->id,
                                             of->machine_id, of->machine_name, of->machine_class};
    co_await with_.live.tell(event.member_id, told);
  }
  task<void> workout_over(workout_ended event, event_info info) const {
    const auto of = co_await with_.workouts.find(event.workout_id);
    if (!of) co_return;
    workouts::all_figures figures;
    if (of->state == workout_state::final_) {
      // Told late, after a crash.
      figures = workouts::final_figures_of(*of);
    } else {
      figures = co_await with_.summaries.provisional(*of);
    }
    const auto told = message_of<live::workout_ended_message>(*of, figures, info);
    co_await with_.live.tell(event.member_id, told);
  }
  task<void> summary(workout_summarized event, event_info info) const {
    const auto of = co_await with_.workouts.find(event.workout_id);
    if (!of) co_return;
    const auto told = message_of<live::workout_summary_message>(*of, workouts::final_figures_of(*of), info);
    co_await with_.live.tell(event.member_id, told);
  }

 private:
  static void describe(live::session_message& told, const uuid& visit, const uuid& branch, const event_info& info) {
    told.id = info.id;
    told.at = info.at;
    told.session_id = visit;
    told.branch_id = branch;
  }

  floor_parts with_;
};

}  // namespace

void handle_floor_events(store::dispatcher& by, const floor_parts& with) {
  const auto follow = std::make_shared<const consequences>(with);
  const auto tell = std::make_shared<const announcements>(with);

  by.on<machine_linked>("begin_workout",
                        [follow](const machine_linked& event, const event_info&) { return follow->linked(event); });
  by.on<machine_linked>("tell_machine", [tell](const machine_linked& event, const event_info& info) {
    return tell->linked(event, info);
  });
  by.on<machine_unlinked>(
      "end_workout", [follow](const machine_unlinked& event, const event_info&) { return follow->unlinked(event); });
  by.on<machine_unlinked>("tell_machine", [tell](const machine_unlinked& event, const event_info& info) {
    return tell->unlinked(event, info);
  });
  by.on<machine_status_changed>("tell_branch", [tell](const machine_status_changed& event, const event_info& info) {
    return tell->status(event, info);
  });
  by.on<visit_started>("tell_member", [tell](const visit_started& event, const event_info& info) {
    return tell->visit_begun(event, info);
  });
  by.on<visit_started>("welcome",
                       [follow](const visit_started& event, const event_info&) { return follow->visit_begun(event); });
  by.on<account_suspended>(
      "end_visit", [follow](const account_suspended& event, const event_info&) { return follow->suspended(event); });
  by.on<visit_ended>("release_link",
                     [follow](const visit_ended& event, const event_info&) { return follow->visit_over(event); });
  by.on<visit_ended>("tell_member", [tell](const visit_ended& event, const event_info& info) {
    return tell->visit_over(event, info);
  });
  by.on<machine_linked>(
      "tell_staff", [tell](const machine_linked& event, const event_info& info) { return tell->taken(event, info); });
  by.on<machine_unlinked>(
      "tell_staff", [tell](const machine_unlinked& event, const event_info& info) { return tell->freed(event, info); });
  by.on<visit_started>(
      "tell_staff", [tell](const visit_started& event, const event_info& info) { return tell->arrived(event, info); });
  by.on<visit_ended>("tell_staff",
                     [tell](const visit_ended& event, const event_info& info) { return tell->left(event, info); });
  by.on<workout_started>("tell_member", [tell](const workout_started& event, const event_info& info) {
    return tell->workout_begun(event, info);
  });
  by.on<workout_ended>("tell_member", [tell](const workout_ended& event, const event_info& info) {
    return tell->workout_over(event, info);
  });
  by.on<workout_summarized>(
      "member_day", [follow](const workout_summarized& event, const event_info&) { return follow->member_day(event); });
  by.on<workout_summarized>("machine_day", [follow](const workout_summarized& event, const event_info&) {
    return follow->machine_day(event);
  });
  by.on<workout_summarized>(
      "points", [follow](const workout_summarized& event, const event_info&) { return follow->award(event); });
  by.on<workout_summarized>("tell_member", [tell](const workout_summarized& event, const event_info& info) {
    return tell->summary(event, info);
  });
  by.on<points_changed>("balance", [follow](const points_changed& event, const event_info& info) {
    return follow->move_balance(event, info);
  });
}

}  // namespace nxg::events
