#include "services/diets/diet_planning.hpp"

#include "schema/json.hpp"
#include "services/diets/diet_fitting.hpp"
#include "services/diets/rule_based_diet.hpp"
#include "utilities/digest.hpp"
#include "utilities/encoding.hpp"

#include <boost/describe/enum_to_string.hpp>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace nxg::diets {
namespace {

using namespace std::chrono_literals;
using integrations::outside_diet;
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
std::string cache_key(uuid member, const diet_need& need) {
  return "nps:plan:" + utilities::hex(utilities::sha256(member.to_string() + schema::to_json(need)));
}

// The service was spared the question: nothing was tried.
constexpr auto not_asked =
    std::to_array<std::string_view>({"breaker_open", "saturated", "quota_exhausted", "not_configured"});

api_error plan_not_found() {
  return {error_code::plan_not_found, "There is no such diet plan: POST /api/integrations/diet-plans makes one."};
}

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
         code == error_code::plan_service_unavailable || code == error_code::plan_not_safe;
}

}  // namespace

diet_planning::diet_planning(diet_planning_parts parts) : parts_{std::move(parts)} {}

task<user> diet_planning::account(uuid member) {
  auto found = co_await parts_.members(member);
  if (!found) throw not_found("member");
  co_return std::move(*found);
}

bool diet_planning::holds(const diet_plan& plan, const diet_need& need) const {
  return is_for(plan.content->basis, need) && parts_.time.now() < plan.next_refresh_at;
}

task<diet_answer> diet_planning::generate(uuid member, diet_wishes wishes, bool force, uuid new_id,
                                          steady_instant deadline) {
  const auto asked_at = parts_.time.now();
  const auto who = co_await account(member);
  const auto need = need_of(who, wishes, parts_.targets, asked_at);
  const auto turn = co_await turns_.take(member);

  const auto present = co_await parts_.plans.active_of(member);
  // What was made while waiting for the turn is what this call would have made.
  const bool just_made = present && (present->created_at >= asked_at || present->id == new_id);
  if (present && holds(*present, need) && (just_made || !force)) {
    co_return diet_answer{*present, present->source, present->source == plan_source::stale_cache,
                          present->id == new_id};
  }

  if (may_go_outside(who)) {
    question asked{member, need, force, false, deadline};
    auto found = co_await from_outside(std::move(asked));
    // An earlier answer that led to the plan the member has is no reason for another one.
    const bool known = found && present && found->source != plan_source::service &&
                       is_for(present->content->basis, need) && present->source != plan_source::rules;
    if (known) {
      count(found->source);
      co_return diet_answer{*present, found->source, !holds(*present, need), false};
    }
    if (found) co_return co_await put_in_force(member, new_id, need, std::move(wishes), std::move(*found));
  }
  if (present && still_suits(present->content.value(), need)) {
    count(plan_source::last_plan);
    co_return diet_answer{*present, plan_source::last_plan, true, false};
  }
  const auto ids = larder();
  const auto foods = co_await parts_.foods.find_all(ids);
  auto made = make_rule_based_diet(need, foods);
  if (!made) throw unavailable(made.error());
  candidate by_rules{std::move(*made), plan_source::rules};
  co_return co_await put_in_force(member, new_id, need, std::move(wishes), std::move(by_rules));
}

task<std::optional<diet_planning::candidate>> diet_planning::from_outside(question asked, std::string* why_not) {
  std::optional<candidate> found;
  try {
    const auto answer = co_await ask(asked);
    const auto made = schema::from_json<outside_diet>(*answer.value, schema::unknown::ignored);
    auto fitted = fit_diet(made, asked.need);
    if (fitted) {
      found = candidate{std::move(*fitted), source_of(answer.how)};
    } else {
      count_refused("unsafe");
      parts_.log.repeated(telemetry::log_level::warn, "an outside diet plan was refused", {{"reason", fitted.error()}});
    }
  } catch (const service_unavailable& failed) {
    count_refused(failed.reason);
    if (why_not != nullptr) *why_not = failed.reason;
    parts_.log.repeated(telemetry::log_level::warn, "no plan from the nutrition planning service",
                        {{"reason", failed.reason}, {"error", failed.what()}});
  } catch (const schema::invalid&) {
    // Kept by another version of this program.
    parts_.log.repeated(telemetry::log_level::warn, "a cached diet plan cannot be read", {});
  }
  co_return found;
}

task<coordination::cached> diet_planning::ask(const question& asked) {
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

task<std::optional<std::string>> diet_planning::ask_service(const question& asked) {
  const auto made = co_await parts_.service.make_diet(asked.need, asked.deadline - reserve, asked.in_background);
  // What cannot be given to the member is nothing to remember either.
  if (const auto fitted = fit_diet(made, asked.need); !fitted) throw service_unavailable{"unsafe", fitted.error()};
  co_return schema::to_json(made);
}

task<diet_answer> diet_planning::put_in_force(uuid member, uuid new_id, const diet_need& need, diet_wishes wishes,
                                              candidate chosen) {
  const auto now = parts_.time.now();
  const bool makeshift = chosen.source == plan_source::rules || chosen.source == plan_source::stale_cache;
  chosen.content.basis = basis_of(need);
  chosen.content.wishes = std::move(wishes);
  diet_plan plan;
  plan.id = new_id;
  plan.member_id = member;
  plan.source = chosen.source;
  plan.content = std::move(chosen.content);
  plan.created_at = now;
  plan.fresh_until = now + answer_fresh_for;
  plan.next_refresh_at = now + (makeshift ? refresh_rules_after : refresh_after);
  co_await parts_.plans.activate(plan);
  // What is stored counts: an earlier try of the same request may have been first, with another content.
  auto stored = co_await parts_.plans.find(member, new_id);
  if (stored) plan = std::move(*stored);
  count(chosen.source);
  co_return diet_answer{std::move(plan), chosen.source, chosen.source == plan_source::stale_cache, true};
}

task<refresh_outcome> diet_planning::refresh(diet_plan due) {
  const auto now = parts_.time.now();
  if (due.state != plan_state::active || now < due.next_refresh_at) co_return refresh_outcome::not_due;
  const auto turn = co_await turns_.take(due.member_id);
  const auto who = co_await parts_.members(due.member_id);
  if (!who || !may_go_outside(*who)) {
    co_await parts_.plans.postpone(due.member_id, due.id, now, now + retry_refresh_after);
    co_return refresh_outcome::not_possible;
  }
  std::optional<diet_need> need;
  try {
    need = need_of(*who, due.content->wishes, parts_.targets, now);
  } catch (const api_error&) {
    need.reset();
  }
  if (!need) {
    co_await parts_.plans.postpone(due.member_id, due.id, now, now + retry_refresh_after);
    co_return refresh_outcome::not_possible;
  }
  question asked{due.member_id, *need, true, true, parts_.time.steady() + background_budget};
  std::string why_not;
  auto found = co_await from_outside(std::move(asked), &why_not);
  if (std::ranges::find(not_asked, why_not) != not_asked.end()) co_return refresh_outcome::not_asked;
  if (!found || found->source != plan_source::service) {
    co_await parts_.plans.postpone(due.member_id, due.id, now, now + retry_refresh_after);
    co_return refresh_outcome::kept;
  }
  // The same at every try of this refresh, so that a repeated one meets itself.
  const auto new_id = uuid::derived_from("diet-plan-refresh:" + due.id.to_string());
  co_await put_in_force(due.member_id, new_id, *need, due.content->wishes, std::move(*found));
  co_return refresh_outcome::refreshed;
}

api_error diet_planning::unavailable(const std::string& why) const {
  parts_.log.repeated(telemetry::log_level::warn, "no diet plan could be given", {{"reason", why}});
  const auto wait =
      std::max<std::chrono::seconds>(std::chrono::ceil<std::chrono::seconds>(dependency().retry_after), 30s);
  return api_error{error_code::plan_service_unavailable,
                   "No diet plan can be made right now: the nutrition planning service gave none that can be used, and "
                   "without it no plan can be shown to be safe for this profile."}
      .with_retry_after(wait);
}

void diet_planning::count(plan_source source) const {
  parts_.metrics
      .make_counter("nxg_diet_plans_total", "Diet plans given, by where they came from",
                    {{"source", boost::describe::enum_to_string(source, "")}})
      .increment();
}

void diet_planning::count_refused(std::string_view why) const {
  parts_.metrics
      .make_counter("nxg_diet_plans_refused_total", "Answers of the nutrition planning service that were of no use",
                    {{"reason", std::string{why}}})
      .increment();
}

task<diet_request> diet_planning::request(uuid member, diet_wishes wishes, bool force, uuid request_id) {
  const auto now = parts_.time.now();
  // Refused now rather than after a wait.
  const auto who = co_await account(member);
  static_cast<void>(need_of(who, wishes, parts_.targets, now));
  diet_request wanted;
  wanted.id = member;
  wanted.request_id = request_id;
  wanted.wishes = std::move(wishes);
  wanted.force_refresh = force;
  wanted.requested_at = now;
  co_await parts_.plans.place_request(wanted, now - forgotten_after);
  auto placed = co_await parts_.plans.request_of(member);
  co_return placed ? std::move(*placed) : std::move(wanted);
}

task<void> diet_planning::fulfil(diet_plan_requested wanted) {
  auto request = co_await parts_.plans.request_of(wanted.member_id);
  const bool waited_for =
      request && request->request_id == wanted.request_id && request->state == plan_request_state::pending;
  if (!waited_for) co_return;
  // Made from the request, so that the event coming twice meets the plan of its first time.
  const auto plan_id = uuid::derived_from("diet-plan:" + wanted.request_id.to_string());
  bool tells_itself = false;
  try {
    const auto deadline = parts_.time.steady() + background_budget;
    const auto answer =
        co_await generate(wanted.member_id, request->wishes.value(), request->force_refresh, plan_id, deadline);
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

task<diet_plan> diet_planning::active(uuid member) {
  auto plan = co_await parts_.plans.active_of(member);
  if (!plan) throw plan_not_found();
  co_return std::move(*plan);
}

task<diet_status> diet_planning::status(uuid member) {
  const auto who = co_await account(member);
  diet_status status;
  status.missing = missing_fields(who);
  status.current = co_await parts_.plans.active_of(member);
  status.plans_so_far = co_await parts_.plans.count_of(member);
  status.request = co_await parts_.plans.request_of(member);
  if (status.current) {
    const auto& plan = *status.current;
    status.needs_refresh = parts_.time.now() >= plan.next_refresh_at;
    if (status.missing.empty()) {
      try {
        const auto need = need_of(who, plan.content->wishes, parts_.targets, parts_.time.now());
        status.needs_refresh = status.needs_refresh || !is_for(plan.content->basis, need);
      } catch (const api_error&) {
        status.needs_refresh = true;
      }
    }
  }
  co_return status;
}

task<void> diet_planning::withdraw(uuid member, uuid plan) {
  const bool put_away = co_await parts_.plans.withdraw(member, plan);
  if (!put_away) throw plan_not_found();
}

}  // namespace nxg::diets
