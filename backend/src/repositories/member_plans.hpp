#pragma once

#include "models/plan_request.hpp"
#include "models/workout_plan.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "store/collection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace nxg::repositories {

/// Members' plans of one kind, and the requests for them. Exactly one plan per member is active: replacing it writes
/// the new one first, so that a crash between the steps leaves the old one in force or is completed by whoever reads
/// next.
///
/// `Kind` says what is the kind's own: the documents `plan_type` and `request_type`, the events `requested` and
/// `settled`, the `name` errors call a plan by, and
///   store::changes<plan_type> ending(plan_state as) const          how a plan leaves force
///   static store::events activated(const plan_type&)               that it is in force
///   static void set_wishes(store::changes<request_type>&, const request_type&)   what was asked for
template <class Kind>
class member_plans {
 public:
  using plan_type = typename Kind::plan_type;
  using request_type = typename Kind::request_type;

  member_plans(store::database& in, Kind kind) : plans_{in}, kind_{std::move(kind)}, requests_{in} {}

  /// The plan the member follows; completes a replacement that was cut short.
  task<std::optional<plan_type>> active_of(uuid member);
  task<std::optional<plan_type>> find(uuid member, uuid id);
  task<std::uint64_t> count_of(uuid member);

  /// Makes `next` the active one of its member, says so with the event of the kind, and returns it as it is stored:
  /// where a plan of that id is there already (an earlier try of the same request), that one.
  task<plan_type> activate(plan_type next);
  /// Puts an active plan away. False when the member has no such active plan.
  task<bool> withdraw(uuid member, uuid id);

  task<std::optional<request_type>> request_of(uuid member) { return requests_.find(member); }
  /// False when the member waits for one already (asked for after `forgotten_before`).
  task<bool> place_request(request_type wanted, instant forgotten_before);
  /// Notes how it ended, if it is still the one waited for; `tell` says so by a `settled`.
  task<void> finish_request(request_type ended, bool tell);

 protected:
  static store::filter<plan_type> of_member(uuid member) { return store::eq<&plan_type::member_id>(member); }
  static store::filter<plan_type> in_state(plan_state state) { return store::eq<&plan_type::state>(state); }

  store::collection<plan_type> plans_;

 private:
  // Two processes may replace one plan at the same moment; each round one of them gets on, and nobody tries for ever.
  static constexpr int rounds = 4;
  static store::error keeps_being_replaced() {
    return {store::failure::busy, std::string{"the "} + Kind::name + " of a member keeps being replaced"};
  }
  static store::filter<plan_type> left_behind(const plan_type& next);
  void add_replacement(store::bulk<plan_type>& to, const plan_type& next) const;
  task<bool> is_in_place(const plan_type& next, std::vector<store::write_outcome> outcomes);
  task<bool> complete(const plan_type& next);

  Kind kind_;
  store::collection<request_type> requests_;
};

template <class Kind>
task<std::optional<typename Kind::plan_type>> member_plans<Kind>::active_of(uuid member) {
  const auto current = of_member(member) && store::in<&plan_type::state>({plan_state::next, plan_state::active});
  for (int round = 0; round < rounds; ++round) {
    auto newest =
        co_await plans_.find_one(current, store::sort<plan_type>().template descending<&plan_type::created_at>());
    if (!newest || newest->state == plan_state::active) co_return newest;
    // Somebody wrote it and went away before the switch, or is just at it.
    co_await complete(*newest);
  }
  throw keeps_being_replaced();
}

template <class Kind>
task<std::optional<typename Kind::plan_type>> member_plans<Kind>::find(uuid member, uuid id) {
  return plans_.find_one(of_member(member) && store::eq<&plan_type::id>(id));
}

template <class Kind>
task<std::uint64_t> member_plans<Kind>::count_of(uuid member) {
  return plans_.count(of_member(member));
}

template <class Kind>
auto member_plans<Kind>::activate(plan_type next) -> task<plan_type> {
  next.state = plan_state::next;
  store::bulk<plan_type> writes;
  writes.insert(next);
  add_replacement(writes, next);
  auto outcomes = co_await plans_.write(std::move(writes));
  const auto inserted = outcomes.front();
  // The id is there: an earlier try wrote it (the id comes from the request); go on from where it stopped.
  const bool known = inserted.refused && inserted.refused->index() == "id";
  if (inserted.refused && !known) throw *inserted.refused;
  outcomes.erase(outcomes.begin());
  bool in_place = co_await is_in_place(next, std::move(outcomes));
  for (int round = 1; !in_place && round < rounds; ++round) in_place = co_await complete(next);
  if (!in_place) throw keeps_being_replaced();
  next.state = plan_state::active;
  next.version = 2;
  if (!known) co_return next;
  auto stored = co_await find(next.member_id, next.id);
  co_return stored ? std::move(*stored) : std::move(next);
}

// What an interrupted replacement left behind; it must not come back when `next` goes.
template <class Kind>
store::filter<typename Kind::plan_type> member_plans<Kind>::left_behind(const plan_type& next) {
  return of_member(next.member_id) && in_state(plan_state::next) && store::lt<&plan_type::created_at>(next.created_at);
}

// Retires the active plan and puts `next`, which is written, in its place: in one round trip, and where the store is
// embedded with one wait for the disk.
template <class Kind>
void member_plans<Kind>::add_replacement(store::bulk<plan_type>& to, const plan_type& next) const {
  const auto mine = of_member(next.member_id);
  to.update(mine && in_state(plan_state::active) && store::ne<&plan_type::id>(next.id),
            kind_.ending(plan_state::retired));
  to.update(left_behind(next), kind_.ending(plan_state::retired));
  to.update(store::eq<&plan_type::id>(next.id) && mine && in_state(plan_state::next),
            store::change<plan_type>().template set<&plan_type::state>(plan_state::active).emit(Kind::activated(next)));
}

// What became of a replacement. False when another plan came between.
template <class Kind>
task<bool> member_plans<Kind>::is_in_place(const plan_type& next, std::vector<store::write_outcome> outcomes) {
  const auto& [retired, forgotten, placed] = std::tie(outcomes.at(0), outcomes.at(1), outcomes.at(2));
  if (retired.refused) throw *retired.refused;
  if (forgotten.refused) throw *forgotten.refused;
  if (placed.refused && !placed.refused->is(store::failure::duplicate)) throw *placed.refused;
  bool more = forgotten.changed;
  while (more) more = co_await plans_.update(left_behind(next), kind_.ending(plan_state::retired));
  // No match: somebody else has put it in place already.
  co_return !placed.refused;
}

template <class Kind>
task<bool> member_plans<Kind>::complete(const plan_type& next) {
  store::bulk<plan_type> writes;
  add_replacement(writes, next);
  auto outcomes = co_await plans_.write(std::move(writes));
  co_return co_await is_in_place(next, std::move(outcomes));
}

template <class Kind>
task<bool> member_plans<Kind>::withdraw(uuid member, uuid id) {
  return plans_.update(id, of_member(member) && in_state(plan_state::active), kind_.ending(plan_state::withdrawn));
}

template <class Kind>
task<bool> member_plans<Kind>::place_request(request_type wanted, instant forgotten_before) {
  const typename Kind::requested event{wanted.id, wanted.request_id};
  const auto replaceable = store::ne<&request_type::state>(plan_request_state::pending) ||
                           store::lt<&request_type::requested_at>(forgotten_before);
  auto what = store::change<request_type>()
                  .template set<&request_type::request_id>(wanted.request_id)
                  .template set<&request_type::state>(plan_request_state::pending)
                  .template set<&request_type::force_refresh>(wanted.force_refresh)
                  .template set<&request_type::requested_at>(wanted.requested_at)
                  .template unset<&request_type::finished_at>()
                  .template unset<&request_type::plan_id>()
                  .template unset<&request_type::failed_with>()
                  .emit(event);
  Kind::set_wishes(what, wanted);
  try {
    co_await requests_.upsert(std::move(wanted), replaceable, std::move(what));
    co_return true;
  } catch (const store::error& refused) {
    if (!refused.is(store::failure::duplicate)) throw;
    co_return false;
  }
}

template <class Kind>
task<void> member_plans<Kind>::finish_request(request_type ended, bool tell) {
  auto what = store::change<request_type>()
                  .template set<&request_type::state>(ended.state)
                  .template set<&request_type::finished_at>(ended.finished_at)
                  .template set<&request_type::plan_id>(ended.plan_id)
                  .template set<&request_type::failed_with>(ended.failed_with);
  if (tell) {
    const typename Kind::settled event{ended.id, ended.request_id, ended.plan_id, ended.failed_with};
    static_cast<void>(what.emit(event));
  }
  co_await requests_.update(ended.id, store::eq<&request_type::request_id>(ended.request_id), std::move(what));
}

}  // namespace nxg::repositories
