#include "repositories/workout_plans.hpp"

#include <utility>

namespace nxg::repositories {

using namespace store;

template class member_plans<kept_workout_plans>;

changes<workout_plan> kept_workout_plans::ending(plan_state as) {
  return change<workout_plan>().set<&workout_plan::state>(as);
}

events kept_workout_plans::activated(const workout_plan& plan) {
  return emit(plan_activated{plan.id, plan.member_id, plan.content.plan_name, plan.source, plan.refreshes});
}

void kept_workout_plans::set_wishes(changes<plan_request>& to, const plan_request& wanted) {
  static_cast<void>(to.set<&plan_request::weekly_workout_days>(wanted.weekly_workout_days)
                        .set<&plan_request::preferences>(wanted.preferences));
}

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

}  // namespace nxg::repositories
