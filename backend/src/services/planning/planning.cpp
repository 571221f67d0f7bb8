#include "services/planning/planning.hpp"

#include "schema/json.hpp"
#include "services/planning/plan_fitting.hpp"
#include "services/planning/rule_based_plan.hpp"
#include "utilities/digest.hpp"
#include "utilities/encoding.hpp"

#include <boost/describe/enum_to_string.hpp>

#include <algorithm>
#include <utility>

namespace nxg::planning {
namespace {

using namespace std::chrono_literals;
using integrations::outside_plan;
using integrations::service_unavailable;

// Left of a request's time for what follows a call outside: the fallbacks and two writes.
constexpr auto reserve = 2s;
// An event's handler has 20 s.
constexpr auto background_budget = 17s;
// A request not fulfilled by then does not keep its member from asking again.
constexpr auto forgotten_after = 10min;

constexpr coordination::lifetime answer_lifetime{.fresh = answer_fresh_for, .stale = answer_stale_for, .negative = 0ms};

// The key is a digest: a cache is no place for what people suffer from. It is the member's own, so that nobody learns
// from the speed of an answer what others have asked for.
std::string cache_key(uuid member, const training_need& need) {
  return "wps:plan:" + utilities::hex(utilities::sha256(member.to_string() + schema::to_json(need)));
}

api_error plan_not_found() { return {error_code::plan_not_found, "There is no such workout plan."}; }

plan_source source_of(coordination::freshness how) {
  switch (how) {
    case coordination::freshness::filled: return plan_source::service;
    case coordination::freshness::fresh: return plan_source::cache;
    case coordination::freshness::stale: return plan_source::stale_cache;
  }
  return plan_source::stale_cache;
}

bool final_answer(error_code code) {
  return code == error_code::profile_incomplete || code == error_code::not_found ||
         code == error_code::plan_service_unavailable;
}

}  // namespace

planning::planning(planning_parts parts) : parts_{std::move(parts)} {}

task<user> planning::account(uuid member) {
  auto found = co_await parts_.members(member);
  if (!found) throw not_found("member");
  co_return std::move(*found);
}

bool planning::holds(const workout_plan& plan, const plan_basis& basis) const {
  return plan.basis == basis && parts_.time.now() < plan.next_refresh_at;
}

task<plan_answer> planning::generate(uuid member, plan_options options, uuid new_id, steady_instant deadline) {
  const auto asked_at = parts_.time.now();
  const auto who = co_await account(member);
  const auto need = need_of(who, options, asked_at);
  const auto turn = co_await turns_.take(member);

  const auto present = co_await parts_.plans.active_of(member);
  // What was made while waiting for the turn is what this call would have made.
  const bool just_made = present && (present->created_at >= asked_at || present->id == new_id);
  if (present && holds(*present, basis_of(need)) && (just_made || !options.force_refresh)) {
    co_return plan_answer{*present, present->source, present->source == plan_source::stale_cache,
                          present->id == new_id};
  }

  const auto library = co_await parts_.exercises.current();
  if (may_go_outside(who, need)) {
    question asked{member, need, options.force_refresh, deadline};
    auto found = co_await from_outside(std::move(asked), *library);
    if (found && present && is_known(*found, *present, need)) {
      count(found->source);
      co_return plan_answer{*present, found->source, !holds(*present, basis_of(need)), false};
    }
    if (found) co_return co_await put_in_force(member, new_id, need, std::move(*found));
  }
  if (present && still_suits(present->content, need, *library)) {
    count(plan_source::last_plan);
    co_return plan_answer{*present, plan_source::last_plan, true, false};
  }
  auto made = make_rule_based_plan(need, library->all());
  if (!made) throw unavailable(made.error());
  candidate by_rules{std::move(*made), plan_source::rules, {}};
  co_return co_await put_in_force(member, new_id, need, std::move(by_rules));
}

// An earlier answer that led to the plan the member has is no reason for another one.
bool planning::is_known(const candidate& found, const workout_plan& present, const training_need& need) {
  return found.source != plan_source::service && found.service_plan_id == present.service_plan_id &&
         present.basis == basis_of(need);
}

task<std::optional<planning::candidate>> planning::from_outside(question asked, const exercises::library& library) {
  std::optional<candidate> found;
  try {
    const auto answer = co_await ask(asked);
    auto plan = schema::from_json<outside_plan>(*answer.value, schema::unknown::ignored);
    auto fitted = fit_plan(std::move(plan.content), asked.need, library);
    if (fitted) {
      found = candidate{std::move(fitted->content), source_of(answer.how), std::move(plan.plan_id)};
      if (fitted->replaced + fitted->dropped > 0) {
        parts_.log.info("exercises of an outside plan were exchanged",
                        {{"replaced", fitted->replaced}, {"dropped", fitted->dropped}});
      }
    } else {
      parts_.log.warn("an outside plan left nothing the member may do", {});
    }
  } catch (const service_unavailable& failed) {
    parts_.log.repeated(telemetry::log_level::warn, "no plan from the planning service",
                        {{"reason", failed.reason}, {"error", failed.what()}});
  } catch (const schema::invalid&) {
    // Kept by another version of this program.
    parts_.log.repeated(telemetry::log_level::warn, "a cached plan cannot be read", {});
  }
  co_return found;
}

task<coordination::cached> planning::ask(const question& asked) {
  const auto key = cache_key(asked.member, asked.need);
  const auto fill = [&]() -> task<std::optional<std::string>> { return ask_service(asked); };
  if (!asked.force) co_return co_await parts_.cache.get_or_fill(key, answer_lifetime, fill);

  std::exception_ptr failed;
  try {
    auto value = co_await ask_service(asked);
    co_await parts_.cache.put(key, value, answer_lifetime);
    co_return coordination::cached{std::make_shared<const std::string>(std::move(*value)),
                                   coordination::freshness::filled};
  } catch (const service_unavailable&) {
    failed = std::current_exception();
  }
  auto kept = co_await parts_.cache.get(key);
  if (!kept || !kept->value) std::rethrow_exception(failed);
  co_return std::move(*kept);
}

task<std::optional<std::string>> planning::ask_service(const question& asked) {
  const auto plan = co_await parts_.service.make_plan(asked.need, asked.deadline - reserve);
  co_return schema::to_json(plan);
}

task<plan_answer> planning::put_in_force(uuid member, uuid new_id, const training_need& need, candidate chosen,
                                         std::optional<uuid> refreshes) {
  const auto now = parts_.time.now();
  const bool makeshift = chosen.source == plan_source::rules || chosen.source == plan_source::stale_cache;
  workout_plan plan;
  plan.id = new_id;
  plan.member_id = member;
  plan.source = chosen.source;
  plan.service_plan_id = std::move(chosen.service_plan_id);
  plan.content = std::move(chosen.content);
  plan.basis = basis_of(need);
  plan.created_at = now;
  plan.fresh_until = now + answer_fresh_for;
  plan.refreshes = refreshes;
  plan.next_refresh_at = now + (makeshift ? refresh_rules_after : refresh_after);
  co_await parts_.plans.activate(plan);
  // What is stored counts: an earlier try of the same request may have been first, with another content.
  auto stored = co_await parts_.plans.find(member, new_id);
  if (stored) plan = std::move(*stored);
  count(chosen.source);
  co_return plan_answer{std::move(plan), chosen.source, chosen.source == plan_source::stale_cache, true};
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
  const plan_options options{present.basis.weekly_workout_days, present.basis.preferences};
  const auto need = need_of(who, options, parts_.time.now());
  const auto library = co_await parts_.exercises.current();
  const bool suits = still_suits(present.content, need, *library);
  if (suits && holds(present, basis_of(need))) co_return refresh_outcome::not_due;
  // Made from the plan it replaces: a run that was cut short meets its own successor.
  const auto new_id = uuid::derived_from("plan-refresh:" + present.id.to_string());
  std::string why_not = "not_configured";
  if (may_go_outside(who, need)) {
    auto found = co_await asked_in_background(present.member_id, need, *library, why_not);
    if (found) {
      co_await put_in_force(present.member_id, new_id, need, std::move(*found), present.id);
      co_return refresh_outcome::refreshed;
    }
  }
  // Where nobody will ever make a better one, the rules do; and wherever the present one is not safe.
  const bool rules_decide = why_not == "not_configured" && present.basis != basis_of(need);
  if (!suits || rules_decide) {
    auto made = make_rule_based_plan(need, library->all());
    if (made) {
      candidate by_rules{std::move(*made), plan_source::rules, {}};
      co_await put_in_force(present.member_id, new_id, need, std::move(by_rules), present.id);
      co_return refresh_outcome::refreshed;
    }
  }
  if (why_not == "quota_exhausted" || why_not == "breaker_open" || why_not == "saturated")
    co_return refresh_outcome::postponed;
  co_await parts_.plans.note_attempt(present.member_id, present.id, parts_.time.now());
  co_return why_not == "not_configured" ? refresh_outcome::not_possible : refresh_outcome::kept;
}

task<std::optional<planning::candidate>> planning::asked_in_background(uuid member, const training_need& need,
                                                                       const exercises::library& library,
                                                                       std::string& why_not) {
  std::optional<candidate> found;
  try {
    const auto until = parts_.time.steady() + background_budget;
    auto plan = co_await parts_.service.make_plan(need, until, integrations::urgency::background);
    co_await parts_.cache.put(cache_key(member, need), schema::to_json(plan), answer_lifetime);
    why_not = "unusable";
    if (auto fitted = fit_plan(std::move(plan.content), need, library))
      found = candidate{std::move(fitted->content), plan_source::service, std::move(plan.plan_id)};
  } catch (const service_unavailable& failed) {
    why_not = failed.reason;
  }
  co_return found;
}

api_error planning::unavailable(const std::string& why) const {
  parts_.log.repeated(telemetry::log_level::warn, "no plan could be given", {{"reason", why}});
  const auto wait =
      std::max<std::chrono::seconds>(std::chrono::ceil<std::chrono::seconds>(dependency().retry_after), 30s);
  return api_error{
      error_code::plan_service_unavailable,
      "No workout plan can be made right now: the planning service is not available, and without it no plan "
      "can be shown to be safe for this profile."}
      .with_retry_after(wait);
}

void planning::count(plan_source source) const {
  parts_.metrics
      .make_counter("nxg_workout_plans_total", "Workout plans given, by where they came from",
                    {{"source", boost::describe::enum_to_string(source, "")}})
      .increment();
}

task<plan_request> planning::request(uuid member, plan_options options, uuid request_id) {
  const auto now = parts_.time.now();
  // Refused now rather than after a wait.
  const auto who = co_await account(member);
  static_cast<void>(need_of(who, options, now));
  plan_request wanted;
  wanted.id = member;
  wanted.request_id = request_id;
  wanted.weekly_workout_days = options.weekly_workout_days;
  wanted.preferences = std::move(options.preferences);
  wanted.force_refresh = options.force_refresh;
  wanted.requested_at = now;
  co_await parts_.plans.place_request(wanted, now - forgotten_after);
  auto placed = co_await parts_.plans.request_of(member);
  co_return placed ? std::move(*placed) : std::move(wanted);
}

task<void> planning::fulfil(plan_requested wanted) {
  auto request = co_await parts_.plans.request_of(wanted.member_id);
  const bool waited_for =
      request && request->request_id == wanted.request_id && request->state == plan_request_state::pending;
  if (!waited_for) co_return;
  plan_options options{request->weekly_workout_days, request->preferences, request->force_refresh};
  // Made from the request, so that the event coming twice meets the plan of its first time.
  const auto plan_id = uuid::derived_from("workout-plan:" + wanted.request_id.to_string());
  bool tells_itself = false;
  try {
    const auto answer = co_await generate(wanted.member_id, options, plan_id, parts_.time.steady() + background_budget);
    request->state = plan_request_state::done;
    request->plan_id = answer.plan.id;
    tells_itself = answer.is_new;
  } catch (const api_error& failed) {
    if (!final_answer(failed.code())) throw;
    request->state = plan_request_state::failed;
    request->failed_with = std::string{name_of(failed.code())};
  }
  request->finished_at = parts_.time.now();
  co_await parts_.plans.finish_request(std::move(*request), !tells_itself);
}

task<workout_plan> planning::active(uuid member) {
  auto plan = co_await parts_.plans.active_of(member);
  if (!plan) throw plan_not_found();
  co_return std::move(*plan);
}

task<plan_status> planning::status(uuid member) {
  const auto who = co_await account(member);
  plan_status status;
  status.missing = missing_fields(who);
  status.current = co_await parts_.plans.active_of(member);
  status.plans_so_far = co_await parts_.plans.count_of(member);
  status.request = co_await parts_.plans.request_of(member);
  if (status.current) {
    const auto& plan = *status.current;
    const auto now = parts_.time.now();
    const bool changed = status.missing.empty() && (plan.basis.goal != *who.goal || plan.basis.level != *who.level);
    status.needs_refresh = changed || now >= plan.next_refresh_at;
    status.expired = now >= plan.created_at + std::chrono::hours{24 * 7} * plan.content.duration_weeks;
  }
  co_return status;
}

task<void> planning::withdraw(uuid member, uuid plan) {
  const bool put_away = co_await parts_.plans.withdraw(member, plan);
  if (!put_away) throw plan_not_found();
}

}  // namespace nxg::planning
