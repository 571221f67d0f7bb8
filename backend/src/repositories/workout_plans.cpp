#include "repositories/workout_plans.hpp"

#include <utility>

namespace nxg::repositories {
namespace {

using namespace store;

filter<workout_plan> of_member(uuid member) { return eq<&workout_plan::member_id>(member); }
filter<workout_plan> in_state(plan_state state) { return eq<&workout_plan::state>(state); }

// Two processes may replace one plan at the same moment; each round one of them gets on, and nobody tries for ever.
constexpr int rounds = 4;

}  // namespace

task<std::optional<workout_plan>> workout_plans::active_of(uuid member) {
  const auto current = of_member(member) && in<&workout_plan::state>({plan_state::next, plan_state::active});
  for (int round = 0; round < rounds; ++round) {
    auto newest = co_await plans_.find_one(current, sort<workout_plan>().descending<&workout_plan::created_at>());
    if (!newest || newest->state == plan_state::active) co_return newest;
    // Somebody wrote it and went away before the switch, or is just at it.
    co_await complete(*newest);
  }
  throw error{failure::busy, "the plan of a member keeps being replaced"};
}

task<std::optional<workout_plan>> workout_plans::find(uuid member, uuid plan) {
  return plans_.find_one(of_member(member) && eq<&workout_plan::id>(plan));
}

task<std::uint64_t> workout_plans::count_of(uuid member) { return plans_.count(of_member(member)); }

task<std::vector<workout_plan>> workout_plans::followed_by(uuid member, std::size_t limit) {
  const auto followed = of_member(member) && in<&workout_plan::state>({plan_state::active, plan_state::retired});
  auto found = co_await plans_.find_page(followed, sort<workout_plan>().descending<&workout_plan::created_at>(), limit);
  co_return std::move(found.items);
}

task<page<workout_plan>> workout_plans::in_force(std::size_t limit, std::optional<std::string> after) {
  return plans_.find_page(in_state(plan_state::active),
                          sort<workout_plan>().ascending<&workout_plan::next_refresh_at>(), limit, std::move(after));
}

task<void> workout_plans::note_attempt(uuid member, uuid plan, instant at) {
  auto noted = change<workout_plan>().set<&workout_plan::last_attempt_at>(at);
  co_await plans_.update(plan, of_member(member), std::move(noted));
}

task<void> workout_plans::activate(workout_plan plan) {
  plan.state = plan_state::next;
  try {
    co_await plans_.insert(plan);
  } catch (const error& refused) {
    // The id is there: an earlier try wrote it (the id comes from the request); go on from where it stopped.
    if (!refused.is(failure::duplicate) || refused.index() != "id") throw;
  }
  for (int round = 0; round < rounds; ++round) {
    const bool in_place = co_await complete(plan);
    if (in_place) co_return;
  }
  throw error{failure::busy, "the plan of a member keeps being replaced"};
}

// Retires the active plan and puts `plan` in its place. False when another one came between.
task<bool> workout_plans::complete(const workout_plan& plan) {
  const auto mine = of_member(plan.member_id);
  const auto retire = change<workout_plan>().set<&workout_plan::state>(plan_state::retired);
  co_await plans_.update(mine && in_state(plan_state::active) && ne<&workout_plan::id>(plan.id), retire);
  // What an interrupted replacement left behind must not come back when this plan goes.
  const auto left_behind = mine && in_state(plan_state::next) && lt<&workout_plan::created_at>(plan.created_at);
  bool more = true;
  while (more) more = co_await plans_.update(left_behind, retire);
  auto put_in_place =
      change<workout_plan>()
          .set<&workout_plan::state>(plan_state::active)
          .emit(plan_activated{plan.id, plan.member_id, plan.content.plan_name, plan.source, plan.refreshes});
  try {
    // No match: somebody else has put it in place already.
    co_await plans_.update(plan.id, mine && in_state(plan_state::next), std::move(put_in_place));
    co_return true;
  } catch (const error& refused) {
    if (!refused.is(failure::duplicate)) throw;
    co_return false;
  }
}

task<bool> workout_plans::withdraw(uuid member, uuid plan) {
  return plans_.update(plan, of_member(member) && in_state(plan_state::active),
                       change<workout_plan>().set<&workout_plan::state>(plan_state::withdrawn));
}

task<std::optional<plan_request>> workout_plans::request_of(uuid member) { return requests_.find(member); }

task<bool> workout_plans::place_request(plan_request request, instant forgotten_before) {
  const auto member = request.id;
  const auto replaceable =
      ne<&plan_request::state>(plan_request_state::pending) || lt<&plan_request::requested_at>(forgotten_before);
  auto what = change<plan_request>()
                  .set<&plan_request::request_id>(request.request_id)
                  .set<&plan_request::state>(plan_request_state::pending)
                  .set<&plan_request::weekly_workout_days>(request.weekly_workout_days)
                  .set<&plan_request::preferences>(request.preferences)
                  .set<&plan_request::force_refresh>(request.force_refresh)
                  .set<&plan_request::requested_at>(request.requested_at)
                  .unset<&plan_request::finished_at>()
                  .unset<&plan_request::plan_id>()
                  .unset<&plan_request::failed_with>()
                  .emit(plan_requested{member, request.request_id});
  try {
    co_await requests_.upsert(std::move(request), replaceable, std::move(what));
    co_return true;
  } catch (const error& refused) {
    if (!refused.is(failure::duplicate)) throw;
    co_return false;
  }
}

task<void> workout_plans::finish_request(plan_request ended, bool tell) {
  auto what = change<plan_request>()
                  .set<&plan_request::state>(ended.state)
                  .set<&plan_request::finished_at>(ended.finished_at)
                  .set<&plan_request::plan_id>(ended.plan_id)
                  .set<&plan_request::failed_with>(ended.failed_with);
  if (tell) {
    // Adds to `what` itself: assigning the result back would move it onto itself.
    static_cast<void>(
        std::move(what).emit(plan_request_settled{ended.id, ended.request_id, ended.plan_id, ended.failed_with}));
  }
  co_await requests_.update(ended.id, eq<&plan_request::request_id>(ended.request_id), std::move(what));
}

}  // namespace nxg::repositories
