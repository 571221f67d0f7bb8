#include "repositories/diet_plans.hpp"

#include <utility>

namespace nxg::repositories {

using namespace store;

template class member_plans<kept_diet_plans>;

changes<diet_plan> kept_diet_plans::ending(plan_state as) const {
  return change<diet_plan>().set<&diet_plan::state>(as).set<&diet_plan::ended_at>(time->now());
}

events kept_diet_plans::activated(const diet_plan& plan) {
  return emit(diet_plan_activated{plan.id, plan.member_id, plan.source});
}

void kept_diet_plans::set_wishes(changes<diet_request>& to, const diet_request& wanted) {
  static_cast<void>(to.set<&diet_request::wishes>(wanted.wishes));
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

}  // namespace nxg::repositories
