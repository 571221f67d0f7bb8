#pragma once

#include "models/workout_plan.hpp"
#include "services/live/live_channel.hpp"
#include "store/outbox.hpp"

#include <string>
#include <utility>

namespace nxg::events {

/// What follows alike from the events of workout and of diet plans: the plans members asked for without waiting are
/// made, and where that brought no new plan, they are told so with a `Ready`. `Kept` names the events (see
/// `repositories::member_plans`), `make` the handler that makes plans. All outlives the dispatcher.
template <class Kept, class Ready, class Plans>
void handle_plan_requests(store::dispatcher& by, std::string make, Plans& plans, live_channel& live) {
  using requested = typename Kept::requested;
  using settled = typename Kept::settled;
  by.on<requested>(std::move(make),
                   [&plans](const requested& event, const store::event_info&) { return plans.fulfil(event); });
  by.on<settled>("tell_member", [&live](const settled& event, const store::event_info& info) {
    Ready told{.id = info.id, .at = info.at};
    told.plan_id = event.plan_id;
    if (event.plan_id) told.source = plan_source::last_plan;
    told.request_id = event.request_id;
    told.failed_with = event.failed_with;
    return live.tell(event.member_id, told);
  });
}

}  // namespace nxg::events
