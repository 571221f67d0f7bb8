#include "repositories/diet_plans.hpp"

#include <utility>

namespace nxg::repositories {
namespace {

using namespace store;

filter<diet_plan> of_member(uuid member) { return eq<&diet_plan::member_id>(member); }
filter<diet_plan> in_state(plan_state state) { return eq<&diet_plan::state>(state); }

// Two processes may replace one plan at the same moment; each round one of them gets on, and nobody tries for ever.
constexpr int rounds = 4;

changes<diet_plan> ending(plan_state as, instant at) {
  return change<diet_plan>().set<&diet_plan::state>(as).set<&diet_plan::ended_at>(at);
}

}  // namespace

task<std::optional<diet_plan>> diet_plans::active_of(uuid member) {
  const auto current = of_member(member) && in<&diet_plan::state>({plan_state::next, plan_state::active});
  for (int round = 0; round < rounds; ++round) {
    auto newest = co_await plans_.find_one(current, sort<diet_plan>().descending<&diet_plan::created_at>());
    if (!newest || newest->state == plan_state::active) co_return newest;
    // Somebody wrote it and went away before the switch, or is just at it.
    co_await complete(*newest);
  }
  throw error{failure::busy, "the diet plan of a member keeps being replaced"};
}

task<std::optional<diet_plan>> diet_plans::find(uuid member, uuid plan) {
  return plans_.find_one(of_member(member) && eq<&diet_plan::id>(plan));
}

task<std::uint64_t> diet_plans::count_of(uuid member) { return plans_.count(of_member(member)); }

task<void> diet_plans::activate(diet_plan plan) {
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
  throw error{failure::busy, "the diet plan of a member keeps being replaced"};
}

// Retires the active plan and puts `plan` in its place. False when another one came between.
task<bool> diet_plans::complete(const diet_plan& plan) {
  const auto mine = of_member(plan.member_id);
  const auto now = time_.now();
  co_await plans_.update(mine && in_state(plan_state::active) && ne<&diet_plan::id>(plan.id),
                         ending(plan_state::retired, now));
  // What an interrupted replacement left behind must not come back when this plan goes.
  const auto left_behind = mine && in_state(plan_state::next) && lt<&diet_plan::created_at>(plan.created_at);
  bool more = true;
  while (more) more = co_await plans_.update(left_behind, ending(plan_state::retired, now));
  const diet_plan_activated told{plan.id, plan.member_id, plan.source};
  auto put_in_place = change<diet_plan>().set<&diet_plan::state>(plan_state::active).emit(told);
  try {
    // No match: somebody else has put it in place already.
    co_await plans_.update(plan.id, mine && in_state(plan_state::next), std::move(put_in_place));
    co_return true;
  } catch (const error& refused) {
    if (!refused.is(failure::duplicate)) throw;
    co_return false;
  }
}

task<bool> diet_plans::withdraw(uuid member, uuid plan) {
  return plans_.update(plan, of_member(member) && in_state(plan_state::active),
                       ending(plan_state::withdrawn, time_.now()));
}

task<std::vector<diet_plan>> diet_plans::due(instant now, std::size_t most) {
  const auto overdue = in_state(plan_state::active) && lte<&diet_plan::next_refresh_at>(now);
  auto found = co_await plans_.find_page(overdue, sort<diet_plan>().ascending<&diet_plan::next_refresh_at>(), most);
  co_return std::move(found.items);
}

task<void> diet_plans::postpone(uuid member, uuid plan, instant tried_at, instant next) {
  auto what = change<diet_plan>().set<&diet_plan::last_attempt_at>(tried_at).set<&diet_plan::next_refresh_at>(next);
  co_await plans_.update(plan, of_member(member) && in_state(plan_state::active), std::move(what));
}

task<std::optional<diet_request>> diet_plans::request_of(uuid member) { return requests_.find(member); }

task<bool> diet_plans::place_request(diet_request request, instant forgotten_before) {
  const diet_plan_requested wanted{request.id, request.request_id};
  const auto replaceable =
      ne<&diet_request::state>(plan_request_state::pending) || lt<&diet_request::requested_at>(forgotten_before);
  auto what = change<diet_request>()
                  .set<&diet_request::request_id>(request.request_id)
                  .set<&diet_request::state>(plan_request_state::pending)
                  .set<&diet_request::wishes>(request.wishes)
                  .set<&diet_request::force_refresh>(request.force_refresh)
                  .set<&diet_request::requested_at>(request.requested_at)
                  .unset<&diet_request::finished_at>()
                  .unset<&diet_request::plan_id>()
                  .unset<&diet_request::failed_with>()
                  .emit(wanted);
  try {
    co_await requests_.upsert(std::move(request), replaceable, std::move(what));
    co_return true;
  } catch (const error& refused) {
    if (!refused.is(failure::duplicate)) throw;
    co_return false;
  }
}

task<void> diet_plans::finish_request(diet_request ended, bool tell) {
  auto what = change<diet_request>()
                  .set<&diet_request::state>(ended.state)
                  .set<&diet_request::finished_at>(ended.finished_at)
                  .set<&diet_request::plan_id>(ended.plan_id)
                  .set<&diet_request::failed_with>(ended.failed_with);
  if (tell) {
    const diet_request_settled settled{ended.id, ended.request_id, ended.plan_id, ended.failed_with};
    // Adds to `what` itself: assigning the result back would move it onto itself.
    static_cast<void>(std::move(what).emit(settled));
  }
  co_await requests_.update(ended.id, eq<&diet_request::request_id>(ended.request_id), std::move(what));
}

}  // namespace nxg::repositories
