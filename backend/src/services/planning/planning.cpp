#include "services/planning/planning.hpp"

#include "services/planning/plan_fitting.hpp"
#include "services/planning/rule_based_plan.hpp"

#include <utility>

namespace nxg::planning {

template class plan_maker<workout_kind>;

namespace {

workout_plan made_for(const training_need& need, plan_content content) {
  workout_plan plan;
  plan.content = std::move(content);
  plan.basis = basis_of(need);
  return plan;
}

}  // namespace

std::vector<field_error> workout_kind::missing_fields(const user& member) const {
  return nxg::planning::missing_fields(member);
}

training_need workout_kind::need_of(const user& member, const plan_options& wanted, instant now) const {
  return nxg::planning::need_of(member, wanted, now);
}

bool workout_kind::may_go_outside(const user& member, const training_need& need) const {
  return nxg::planning::may_go_outside(member, need);
}

task<integrations::outside_plan> workout_kind::ask(const training_need& need, steady_instant deadline,
                                                   bool in_background, integrations::still_allowed allowed) {
  const auto how = in_background ? integrations::urgency::background : integrations::urgency::interactive;
  return service_.make_plan(need, deadline, how, std::move(allowed));
}

task<workout_kind::made_plan> workout_kind::fit(integrations::outside_plan said, const training_need& need,
                                                const plan_options&) {
  const auto library = co_await exercises_.current();
  auto fitted = fit_plan(std::move(said.content), need, *library);
  if (!fitted) co_return std::unexpected{"nothing is left that the member may do"};
  if (fitted->replaced + fitted->dropped > 0) {
    log_.info("exercises of an outside plan were exchanged",
              {{"replaced", fitted->replaced}, {"dropped", fitted->dropped}});
  }
  auto plan = made_for(need, std::move(fitted->content));
  plan.service_plan_id = std::move(said.plan_id);
  co_return plan;
}

task<workout_kind::made_plan> workout_kind::by_rules(const training_need& need, const plan_options&) {
  const auto library = co_await exercises_.current();
  auto made = make_rule_based_plan(need, library->all());
  if (!made) co_return std::unexpected{std::move(made.error())};
  co_return made_for(need, std::move(*made));
}

bool workout_kind::is_for(const workout_plan& plan, const training_need& need) const {
  return plan.basis == basis_of(need);
}

task<bool> workout_kind::still_suits(const workout_plan& plan, const training_need& need) {
  const auto library = co_await exercises_.current();
  co_return nxg::planning::still_suits(plan.content, need, *library);
}

bool workout_kind::same_answer(const workout_plan& found, const workout_plan& present) const {
  return found.service_plan_id == present.service_plan_id;
}

plan_options workout_kind::wishes_of(const workout_plan& plan) const {
  return {plan.basis.weekly_workout_days, plan.basis.preferences};
}

plan_options workout_kind::wishes_of(const plan_request& request) const {
  return {request.weekly_workout_days, request.preferences, request.force_refresh};
}

void workout_kind::set_wishes(plan_request& to, plan_options wanted) const {
  to.weekly_workout_days = wanted.weekly_workout_days;
  to.preferences = std::move(wanted.preferences);
}

planning::planning(planning_parts parts)
    : plan_maker{{.members = std::move(parts.members),
                  .plans = parts.plans,
                  .cache = parts.cache,
                  .time = parts.time,
                  .metrics = parts.metrics,
                  .log = parts.log},
                 {parts.exercises, parts.service, parts.log}} {}

task<plan_answer> planning::generate(uuid member, plan_options options, uuid new_id, steady_instant deadline) {
  const bool force = options.force_refresh;
  return generate(member, std::move(options), force, new_id, deadline);
}

task<plan_request> planning::request(uuid member, plan_options options, uuid request_id) {
  const bool force = options.force_refresh;
  return request(member, std::move(options), force, request_id);
}

task<plan_status> planning::status(uuid member) {
  auto common = co_await plan_maker::status(member);
  plan_status status{std::move(common)};
  if (status.current) {
    const auto& plan = *status.current;
    status.expired = parts_.time.now() >= plan.created_at + std::chrono::hours{24 * 7} * plan.content.duration_weeks;
  }
  co_return status;
}

task<refresh_outcome> planning::refresh(uuid member) {
  const auto who = co_await parts_.members(member);
  if (!who || !missing_fields(*who).empty()) co_return refresh_outcome::not_possible;
  const auto turn = co_await turns_.take(member);
  const auto present = co_await parts_.plans.active_of(member);
  if (!present) co_return refresh_outcome::not_possible;
  co_return co_await replace(*present, *who);
}

task<refresh_outcome> planning::replace(const workout_plan& present, const user& who) {
  const auto now = parts_.time.now();
  const auto asked =
      in_background(present.member_id, kind_.wishes_of(present), need_of(who, kind_.wishes_of(present), now));
  const bool suits = co_await kind_.still_suits(present, asked.for_what);
  if (suits && holds(present, asked.for_what)) co_return refresh_outcome::not_due;
  // Made from the plan it replaces: a run that was cut short meets its own successor.
  const auto new_id = uuid::derived_from("plan-refresh:" + present.id.to_string());
  std::string why_not;
  auto next = co_await successor(present, who, asked, why_not);
  if (next) {
    next->refreshes = present.id;
    co_await put_in_force(present.member_id, new_id, std::move(*next));
    co_return refresh_outcome::refreshed;
  }
  const bool nobody_there = why_not == "not_configured";
  if (was_not_asked(why_not) && !nobody_there) co_return refresh_outcome::postponed;
  co_await parts_.plans.note_attempt(present.member_id, present.id, now);
  co_return nobody_there ? refresh_outcome::not_possible : refresh_outcome::kept;
}

}  // namespace nxg::planning
