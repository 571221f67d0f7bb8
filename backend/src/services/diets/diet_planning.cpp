#include "services/diets/diet_planning.hpp"

#include "services/diets/diet_fitting.hpp"
#include "services/diets/rule_based_diet.hpp"

#include <utility>

template class nxg::planning::plan_maker<nxg::diets::diet_kind>;

namespace nxg::diets {
namespace {

diet_plan made_for(const diet_need& need, const diet_wishes& wanted, diet_content content) {
  content.basis = basis_of(need);
  content.wishes = wanted;
  diet_plan plan;
  plan.content = std::move(content);
  return plan;
}

api_error no_longer_safe() {
  return {error_code::plan_not_safe,
          "Since your profile changed, the plan in force may hold what you must not eat: it is not shown. Another one "
          "follows as soon as one can be made."};
}

}  // namespace

std::vector<field_error> diet_kind::missing_fields(const user& member) const { return diets::missing_fields(member); }

diet_need diet_kind::need_of(const user& member, const diet_wishes& wanted, instant now) const {
  return diets::need_of(member, wanted, targets_, now);
}

bool diet_kind::may_go_outside(const user& member, const diet_need&) const { return diets::may_go_outside(member); }

task<integrations::outside_diet> diet_kind::ask(const diet_need& need, steady_instant deadline, bool in_background,
                                                integrations::still_allowed allowed) {
  return service_.make_diet(need, deadline, in_background, std::move(allowed));
}

task<diet_kind::made_plan> diet_kind::fit(integrations::outside_diet said, const diet_need& need,
                                          const diet_wishes& wanted) {
  auto fitted = fit_diet(said, need);
  if (!fitted) co_return std::unexpected{std::move(fitted.error())};
  co_return made_for(need, wanted, std::move(*fitted));
}

task<diet_kind::made_plan> diet_kind::by_rules(const diet_need& need, const diet_wishes& wanted) {
  const auto foods = co_await foods_.find_all(larder());
  auto made = make_rule_based_diet(need, foods);
  if (!made) co_return std::unexpected{std::move(made.error())};
  co_return made_for(need, wanted, std::move(*made));
}

bool diet_kind::is_for(const diet_plan& plan, const diet_need& need) const {
  return diets::is_for(plan.content->basis, need);
}

task<bool> diet_kind::still_suits(const diet_plan& plan, const diet_need& need) {
  co_return diets::still_suits(plan.content.value(), need.allergies, need.restrictions);
}

// The service gives its weeks no ids: the cache holds one answer to one question.
bool diet_kind::same_answer(const diet_plan&, const diet_plan& present) const {
  return present.source != plan_source::rules;
}

diet_planning::diet_planning(diet_planning_parts parts)
    : plan_maker{{.members = std::move(parts.members),
                  .plans = parts.plans,
                  .cache = parts.cache,
                  .time = parts.time,
                  .metrics = parts.metrics,
                  .log = parts.log},
                 {parts.foods, parts.service, std::move(parts.targets)}} {}

task<diet_plan> diet_planning::active(uuid member) {
  auto present = co_await plan_maker::active(member);
  const auto who = co_await parts_.members(member);
  if (!who) throw not_found("member");
  const auto& content = present.content.value();
  if (!still_suits(content, allergies_of(*who), restrictions_of(*who, content.wishes))) throw no_longer_safe();
  co_return present;
}

task<refresh_outcome> diet_planning::refresh(diet_plan due) {
  const auto now = parts_.time.now();
  if (due.state != plan_state::active || now < due.next_refresh_at) co_return refresh_outcome::not_due;
  const auto turn = co_await turns_.take(due.member_id);
  const auto who = co_await parts_.members(due.member_id);
  std::optional<diet_need> need;
  if (who) need = need_of(*who, due.content->wishes);
  if (!need || !may_go_outside(*who)) co_return co_await put_off(due, refresh_outcome::not_possible);
  const auto asked = in_background(due.member_id, due.content->wishes, std::move(*need));
  std::string why_not;
  auto found = co_await from_outside(asked, &why_not);
  if (planning::was_not_asked(why_not)) co_return refresh_outcome::postponed;
  if (!found) co_return co_await put_off(due, refresh_outcome::kept);
  // The same at every try of this refresh, so that a repeated one meets itself.
  const auto new_id = uuid::derived_from("diet-plan-refresh:" + due.id.to_string());
  co_await put_in_force(due.member_id, new_id, std::move(*found));
  co_return refresh_outcome::refreshed;
}

task<refresh_outcome> diet_planning::follow(uuid member) {
  const auto turn = co_await turns_.take(member);
  const auto who = co_await parts_.members(member);
  const auto present = co_await parts_.plans.active_of(member);
  if (!who || !present) co_return refresh_outcome::not_possible;
  auto need = need_of(*who, present->content->wishes);
  if (!need) co_return refresh_outcome::not_possible;
  if (kind_.is_for(*present, *need)) co_return refresh_outcome::not_due;
  const auto asked = in_background(member, present->content->wishes, std::move(*need));
  std::string why_not;
  auto next = co_await successor(*present, *who, asked, why_not);
  if (next) {
    // The same at every try for this plan, so that a repeated event meets itself.
    const auto new_id = uuid::derived_from("diet-plan-refresh:" + present->id.to_string());
    co_await put_in_force(member, new_id, std::move(*next));
    co_return refresh_outcome::refreshed;
  }
  const auto now = parts_.time.now();
  co_await parts_.plans.postpone(member, present->id, now, now);
  co_return planning::was_not_asked(why_not) ? refresh_outcome::postponed : refresh_outcome::kept;
}

/// Nothing where the profile does not do for a plan.
std::optional<diet_need> diet_planning::need_of(const user& member, const diet_wishes& wanted) const {
  try {
    return kind_.need_of(member, wanted, parts_.time.now());
  } catch (const api_error&) {
    return std::nullopt;
  }
}

task<refresh_outcome> diet_planning::put_off(const diet_plan& due, refresh_outcome because) {
  const auto now = parts_.time.now();
  co_await parts_.plans.postpone(due.member_id, due.id, now, now + retry_refresh_after);
  co_return because;
}

}  // namespace nxg::diets
