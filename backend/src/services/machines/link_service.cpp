#include "services/machines/link_service.hpp"

#include "services/machines/errors.hpp"
#include "services/machines/link_rules.hpp"
#include "utilities/time_zones.hpp"

#include <algorithm>

namespace nxg {
namespace {

/// All a machine is told: a name to greet with, made from the link, so that it says nothing of the account.
std::string alias_of(const uuid& link_id) {
  auto text = link_id.to_string().substr(32);
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c; });
  return "Athlete " + text;
}

bool names(const visit& during, const uuid& link_id) {
  return std::ranges::find(during.machines_used, link_id, &machine_use::link_id) != during.machines_used.end();
}

}  // namespace

link_service::link_service(machine_repository& machines, visit_repository& visits, workout_repository& workouts,
                           workouts::closing& summaries, member_facts& facts, audit_log& audit, runtime::clock& time,
                           telemetry::logger log)
    : machines_{machines},
      visits_{visits},
      workouts_{workouts},
      summaries_{summaries},
      facts_{facts},
      audit_{audit},
      time_{time},
      log_{std::move(log)} {}

task<machine> link_service::chosen(machine_choice which) {
  std::optional<machine> found;
  if (which.machine_id) {
    found = co_await machines_.find(*which.machine_id);
  } else if (which.qr_code) {
    found = co_await machines_.find_by_code(*which.qr_code);
  }
  if (!found) throw machine_not_found();
  co_return std::move(*found);
}

task<link_service::linked> link_service::link(uuid member, machine_choice which, uuid link_id) {
  // Asked again by somebody who was not answered, after the link has ended: that one is not to be trained on again.
  const auto before = co_await workouts_.find(link_id);
  if (before && before->state != workout_state::live) {
    const auto since = before->started_at;
    const machine_link over{link_id, member, before->visit_id, alias_of(link_id), since, since + links::lives_for};
    co_return linked{over, before->machine_id};
  }
  const auto during = co_await visits_.active_of(member);
  if (!during) throw visit_required();
  auto on = co_await chosen(std::move(which));
  if (on.branch_id != during->branch_id) throw machine_in_other_branch();
  const auto now = time_.now();
  const auto own = [&](const machine& one) {
    const auto* live = live_link(one, now);
    return live != nullptr && live->member_id == member && live->visit_id == during->id;
  };
  // Made before, perhaps only by half.
  if (own(on)) {
    auto whole = co_await settle(on, *on.link, *during);
    co_return std::move(whole);
  }
  // Its workout has to end before the next one begins.
  const bool ran_out = on.link && live_link(on, now) == nullptr;
  const bool of_earlier_visit = on.link && on.link->member_id == member;
  if (ran_out || of_earlier_visit) {
    auto why = link_end::idle;
    if (!ran_out) why = link_end::checked_out;
    co_await release(on, *on.link, why);
  }

  const machine_link made{link_id, member, during->id, alias_of(link_id), now, now + links::lives_for};
  const bool claimed = co_await claim(on, made);
  if (!claimed) {
    machine_choice same;
    same.machine_id = on.id;
    on = co_await chosen(std::move(same));
    // Made by another request of the same member's at the same time.
    if (own(on)) {
      auto whole = co_await settle(on, *on.link, *during);
      co_return std::move(whole);
    }
    if (on.condition != machine_condition::in_service) throw machine_out_of_service();
    throw machine_in_use();
  }
  auto whole = co_await settle(on, made, *during);
  co_return std::move(whole);
}

task<link_service::linked> link_service::settle(machine on, machine_link link, visit during) {
  // Named: g++ 12 destroys aggregates made inside a co_await twice.
  machine_use use{link.link_id, on.id, on.name, link.since};
  const bool named = co_await visits_.set_link(during.id, std::move(use));
  if (!named) {
    co_await release(on, link, link_end::abandoned);
    throw visit_required();
  }
  machine_linked begun{on.id, on.branch_id, link};
  co_await begin_workout(std::move(begun), std::move(during));
  co_return linked{link, on.id};
}

task<bool> link_service::claim(machine on, machine_link link) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    bool elsewhere = false;
    bool claimed = false;
    try {
      claimed = co_await machines_.claim(on.id, on.branch_id, link, time_.now());
    } catch (const store::error& error) {
      if (!error.is(store::failure::duplicate)) throw;
      elsewhere = true;
    }
    if (!elsewhere) co_return claimed;
    co_await make_room_for(link.member_id, on.id);
  }
  throw member_already_linked();
}

task<void> link_service::make_room_for(uuid member, uuid machine_id) {
  const auto other = co_await machines_.linked_to(member);
  if (!other || other->id == machine_id) co_return;
  if (live_link(*other, time_.now()) != nullptr) throw member_already_linked();
  co_await release(*other, *other->link, link_end::idle);
}

task<void> link_service::begin_workout(machine_linked event, visit during) {
  const auto on = co_await machines_.find(event.machine_id);
  if (!on) co_return;
  const auto& link = event.link;
  const auto body = co_await facts_.body_of(link.member_id);
  workout made{.id = link.link_id,
               .member_id = link.member_id,
               .machine_id = event.machine_id,
               .machine_name = on->name,
               .machine_class = on->class_,
               .branch_id = event.branch_id,
               .visit_id = link.visit_id,
               .started_at = link.since,
               .time_zone = during.time_zone,
               .local_date = utilities::local_date_at(link.since, during.time_zone),
               .body = body};
  co_await workouts_.insert(std::move(made));
  // It may have ended before it was written down.
  const auto now = co_await machines_.find(event.machine_id);
  if (!now || !now->link || now->link->link_id != link.link_id) {
    const auto at = time_.now();
    co_await workouts_.end(link.link_id, link.member_id, link_end::abandoned, at, at + links::closes_after);
    co_await visits_.clear_link(link.visit_id, link.link_id);
  }
}

task<bool> link_service::release(machine on, machine_link link, link_end reason) {
  // Where the linking broke off, there is a workout all the same: samples of the link may have been acknowledged.
  machine_linked begun{on.id, on.branch_id, link};
  co_await on_linked(std::move(begun));
  const machine_unlinked event{on.id, on.branch_id, link, reason, time_.now()};
  const bool released = co_await machines_.release(on.id, on.branch_id, link, reason, event.at);
  if (!released) co_return false;
  co_await end_link(event);
  co_return true;
}

task<void> link_service::end_link(machine_unlinked event) {
  const auto& link = event.link;
  // Not before the last sample could have been: a link that ran out ended when it ran out.
  const auto at = event.reason == link_end::idle ? std::min(event.at, link.expires_at) : event.at;
  co_await workouts_.end(link.link_id, link.member_id, event.reason, at, event.at + links::closes_after);
  co_await visits_.clear_link(link.visit_id, link.link_id);
}

task<workouts::workout_view> link_service::so_far(uuid workout_id) {
  const auto found = co_await workouts_.find(workout_id);
  if (!found) throw machine_not_linked();
  auto told = co_await view_of(*found);
  co_return std::move(told);
}

task<workouts::workout_view> link_service::view_of(workout one) {
  if (one.state == workout_state::final_) co_return workouts::view_of(one, workouts::final_figures_of(one));
  const auto figures = co_await summaries_.provisional(one);
  co_return workouts::view_of(one, figures);
}

task<std::optional<workouts::workout_view>> link_service::ended(uuid workout_id, uuid member, link_end reason) {
  const auto at = time_.now();
  co_await workouts_.end(workout_id, member, reason, at, at + links::closes_after);
  const auto found = co_await workouts_.find(workout_id);
  if (!found) co_return std::nullopt;
  auto told = co_await view_of(*found);
  co_return std::move(told);
}

task<unlinked> link_service::unlink(caller who, unlinking which, request_origin origin) {
  const auto on = co_await machines_.find(which.machine_id);
  if (!on) throw machine_not_found();
  const bool in_charge =
      who.role == role::machine ? who.id == on->id : who.role != role::member && who.works_at(on->branch_id);
  const bool meant = on->link && (!which.link_id || *which.link_id == on->link->link_id);
  if (!meant || (on->link->member_id != who.id && !in_charge)) {
    auto over = co_await ended_before(who, which, *on, in_charge);
    co_return co_await told_to(std::move(who), std::move(over));
  }
  const auto link = *on->link;
  if (link.member_id != who.id && who.role != role::machine) {
    // First: what could not be recorded must not happen.
    audit_entry act{.event = audit_event::machine_unlinked,
                    .actor = who.id,
                    .actor_role = who.role,
                    .subject = link.member_id,
                    .branch_id = on->branch_id,
                    .detail = "machineId=" + on->id.to_string() + " linkId=" + link.link_id.to_string(),
                    .origin = std::move(origin)};
    co_await audit_.record(std::move(act));
  }
  co_await release(*on, link, link_end::unlinked);
  auto over = co_await workouts_.find(link.link_id);
  if (!over) throw machine_not_linked();
  co_return co_await told_to(std::move(who), std::move(*over));
}

task<workout> link_service::ended_before(caller who, unlinking which, machine on, bool in_charge) {
  const auto may_know = [&](const workout& one) {
    return one.machine_id == which.machine_id && (one.member_id == who.id || in_charge);
  };
  if (which.link_id) {
    auto named = co_await workouts_.find(*which.link_id);
    if (!named || !may_know(*named)) throw machine_not_linked();
    co_return std::move(*named);
  }
  auto earlier = co_await workouts_.of_machine(which.machine_id, time_.now());
  const auto is_held = [&](const workout& one) { return on.link && on.link->link_id == one.id; };
  const auto last = std::ranges::find_if(earlier, [&](const workout& one) { return may_know(one) && !is_held(one); });
  if (last == earlier.end()) throw machine_not_linked();
  // Its link was ended by somebody who did not come to the end of the workout.
  if (last->state == workout_state::live) {
    const auto at = time_.now();
    co_await workouts_.end(last->id, last->member_id, link_end::unlinked, at, at + links::closes_after);
    last->ended_at = at;
  }
  co_return std::move(*last);
}

task<unlinked> link_service::told_to(caller who, workout over) {
  if (over.member_id == who.id) {
    auto whole = co_await so_far(over.id);
    co_return unlinked{std::move(whole)};
  }
  // Its end is written a moment after its link's.
  const auto ended_at = over.ended_at.value_or(time_.now());
  const auto lasted = std::chrono::duration_cast<std::chrono::seconds>(ended_at - over.started_at);
  const ended_link told{over.id, over.machine_id, ended_at, lasted.count()};
  co_return unlinked{told};
}

task<void> link_service::release_visit(uuid member, uuid visit_id, link_end reason) {
  const auto on = co_await machines_.linked_to(member);
  if (on && on->link->visit_id == visit_id) co_await release(*on, *on->link, reason);
}

task<void> link_service::release_machine(machine on, link_end reason) {
  if (on.link) co_await release(on, *on.link, reason);
}

task<void> link_service::on_linked(machine_linked event) {
  const auto known = co_await workouts_.find(event.link.link_id);
  if (known) co_return;
  const auto during = co_await visits_.find(event.link.visit_id);
  // Not named by its visit: the linking failed, or is still under way and writes the workout itself.
  if (!during || !names(*during, event.link.link_id)) co_return;
  co_await begin_workout(event, *during);
}

task<void> link_service::on_unlinked(machine_unlinked event) {
  machine_linked begun{event.machine_id, event.branch_id, event.link};
  co_await on_linked(std::move(begun));
  co_await end_link(event);
}

task<std::size_t> link_service::release_expired() {
  std::size_t released = 0;
  const auto expired = co_await machines_.with_expired_links(time_.now());
  for (const auto& one : expired) {
    if (live_link(one, time_.now()) != nullptr) continue;
    const bool ended = co_await release(one, *one.link, link_end::idle);
    if (ended) ++released;
  }
  co_return released;
}

task<std::size_t> link_service::release_abandoned() {
  // A link is named by its visit within milliseconds; what has not been after 10 s never will.
  constexpr std::chrono::seconds young{10};
  constexpr std::chrono::hours old{24};
  const auto now = time_.now();
  std::size_t released = 0;
  const auto candidates = co_await machines_.linked_between(now - old, now - young);
  for (const auto& one : candidates) {
    const auto during = co_await visits_.find(one.link->visit_id);
    const bool named = during && during->state == visit_state::active && names(*during, one.link->link_id);
    const bool in_service = one.condition == machine_condition::in_service;
    if (named && in_service) continue;
    auto why = link_end::abandoned;
    if (named) why = link_end::maintenance;
    const bool ended = co_await release(one, *one.link, why);
    if (ended) ++released;
  }
  if (released > 0) log_.warn("links were released whose visits do not name them", {{"count", released}});
  co_return released;
}

}  // namespace nxg
