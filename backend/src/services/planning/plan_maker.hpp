#pragma once

#include "coordination/cache.hpp"
#include "integrations/service_condition.hpp"
#include "integrations/still_allowed.hpp"
#include "models/plan_request.hpp"
#include "models/user.hpp"
#include "models/workout_plan.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "schema/json.hpp"
#include "services/api_error.hpp"
#include "services/planning/member_turns.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

#include <chrono>
#include <concepts>
#include <cstdint>
#include <exception>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nxg::planning {

/// Reads a member's account; nothing when there is none (or it is erased).
using member_reader = std::function<task<std::optional<user>>(uuid member)>;

/// How long a service's answer is fresh, how long it may stand in, and when a plan is replaced.
inline constexpr std::chrono::hours answer_fresh_for{24};
inline constexpr std::chrono::hours answer_stale_for{24 * 7};
inline constexpr std::chrono::hours refresh_after{24 * 14};
/// A plan made by rules stands in for a better one: sooner.
inline constexpr std::chrono::hours refresh_rules_after{24};

/// What became of a plan that was looked at because it was time.
enum class refresh_outcome : std::uint8_t {
  /// Another plan is in force.
  refreshed,
  /// It is not time yet.
  not_due,
  /// The member's profile or consent does not allow a new one now, or there is no such plan or member any more.
  not_possible,
  /// Nothing was tried: the service is not to be asked now.
  postponed,
  /// Tried in vain; the present one stays, and when it was tried is noted.
  kept,
};

template <class Plan>
struct given_plan {
  Plan plan;
  /// Of this answer; `plan.source` is how the plan came about.
  plan_source source = plan_source::service;
  /// It may not fit the member's present profile, or is older than it should be.
  bool stale = false;
  bool is_new = false;
};

template <class Plan, class Request>
struct plan_standing {
  /// What the profile lacks for a plan.
  std::vector<field_error> missing;
  std::optional<Plan> current;
  bool needs_refresh = false;
  std::uint64_t plans_so_far = 0;
  std::optional<Request> request;
};

/// What making plans works with; all of it outlives it.
template <class Kind>
struct plan_maker_parts {
  member_reader members;
  typename Kind::store& plans;
  coordination::cache& cache;
  runtime::clock& time;
  telemetry::metrics& metrics;
  telemetry::logger log;
};

/// What is a kind of plan's own in being made. Its documents are `plan_type` and `request_type`, `requested` is the
/// event of a request, `need_type` what a plan is made for, `wishes_type` what the member says about it, `outside` the
/// service's answer (a described struct: it is cached as JSON), `store` a `repositories::member_plans`. Plans of `fit`
/// and `by_rules` have their content and what they were made for; the rest is filled in by the maker.
template <class Kind>
concept plan_kind = requires(Kind kind, const user& member, const typename Kind::plan_type& plan,
                             typename Kind::request_type& request, const typename Kind::need_type& need,
                             const typename Kind::wishes_type& wishes, typename Kind::outside said, instant now,
                             steady_instant deadline, bool in_background, integrations::still_allowed allowed) {
  typename Kind::requested;
  typename Kind::store;
  /// For people ("diet"), and the beginning of keys in the cache.
  { Kind::name } -> std::convertible_to<std::string_view>;
  { Kind::service_name } -> std::convertible_to<std::string_view>;
  { Kind::no_such_plan } -> std::convertible_to<std::string_view>;
  { Kind::cache_prefix } -> std::convertible_to<std::string_view>;

  { kind.missing_fields(member) } -> std::same_as<std::vector<field_error>>;
  /// Throws what `generate` throws of the profile.
  { kind.need_of(member, wishes, now) } -> std::same_as<typename Kind::need_type>;
  /// A consent may be missing.
  { kind.may_go_outside(member, need) } -> std::same_as<bool>;
  /// Throws `service_unavailable`.
  { kind.ask(need, deadline, in_background, allowed) } -> std::same_as<task<typename Kind::outside>>;
  /// The answer as a plan, or why the member must not have it.
  {
    kind.fit(std::move(said), need, wishes)
  } -> std::same_as<task<std::expected<typename Kind::plan_type, std::string>>>;
  { kind.by_rules(need, wishes) } -> std::same_as<task<std::expected<typename Kind::plan_type, std::string>>>;
  /// Else a new one is due.
  { kind.is_for(plan, need) } -> std::same_as<bool>;
  /// The member may follow it.
  { kind.still_suits(plan, need) } -> std::same_as<task<bool>>;
  /// Both come from one answer of the service.
  { kind.same_answer(plan, plan) } -> std::same_as<bool>;
  { kind.wishes_of(plan) } -> std::same_as<typename Kind::wishes_type>;
  { kind.wishes_of(std::as_const(request)) } -> std::same_as<typename Kind::wishes_type>;
  { kind.set_wishes(request, wishes) } -> std::same_as<void>;
  { kind.condition() } -> std::same_as<integrations::service_condition>;
};

/// Makes members' plans of one kind and keeps exactly one in force for each.
///
/// A new plan is looked for in this order, the answer saying where it was found: the cache's fresh answer to the
/// member's equal request, the outside service, the cache's stale answer, the plan the member has, our own rules; else
/// `plan_service_unavailable` (503) with a time to come back. A forced refresh asks the service before the cache.
/// One generation at a time per member: whoever asks meanwhile waits and gets the same plan. Thread-safe.
template <plan_kind Kind>
class plan_maker {
 public:
  using plan_type = typename Kind::plan_type;
  using request_type = typename Kind::request_type;
  using need_type = typename Kind::need_type;
  using wishes_type = typename Kind::wishes_type;
  using answer = given_plan<plan_type>;
  using standing = plan_standing<plan_type, request_type>;

  plan_maker(plan_maker_parts<Kind> parts, Kind kind) : parts_{std::move(parts)}, kind_{std::move(kind)} {}

  /// The member's plan: the present one while it holds and `force` is not set, else a new one, whose id is `new_id`.
  /// Throws `profile_incomplete` (every missing field), `plan_not_safe`, `plan_in_progress`,
  /// `plan_service_unavailable`, `not_found`, and what the store throws. The service is given no longer than until 2 s
  /// before `deadline`.
  task<answer> generate(uuid member, wishes_type wanted, bool force, uuid new_id, steady_instant deadline);

  /// Notes that the member wants a plan and will be told. Throws as `generate` where the profile does not do. A member
  /// who waits already goes on waiting for that one.
  task<request_type> request(uuid member, wishes_type wanted, bool force, uuid request_id);
  /// Makes the plan somebody asked for: the handler of `requested`. Repeating it makes no second plan. An error that
  /// time may heal is thrown, so that the event comes again; one that it will not is noted in the request.
  task<void> fulfil(typename Kind::requested wanted);

  /// The plan in force. Throws `plan_not_found`.
  task<plan_type> active(uuid member);
  task<standing> status(uuid member);
  /// Puts the member's active plan away. Throws `plan_not_found` when that is not it.
  task<void> withdraw(uuid member, uuid id);

  /// How the way to the service looks, for `/api/health/dependencies`.
  [[nodiscard]] integrations::service_condition dependency() const { return kind_.condition(); }

 protected:
  struct question {
    uuid member;
    wishes_type wanted;
    need_type for_what;
    bool force = false;
    /// For a job: out of its part of the quota, and no earlier answer will do.
    bool in_background = false;
    steady_instant deadline{};
  };
  /// A question of a job.
  [[nodiscard]] question in_background(uuid member, wishes_type wanted, need_type for_what) const;
  /// What the service says or said, as the member may have it; nothing where that is of no use: `why_not`.
  task<std::optional<plan_type>> from_outside(const question& asked, std::string* why_not = nullptr);
  /// What is to follow `present`, which the member has outgrown: from the service, and where that gave nothing
  /// (`why_not`), by the rules if there is no service or the member must not follow the present plan any more.
  task<std::optional<plan_type>> successor(const plan_type& present, const user& who, const question& asked,
                                           std::string& why_not);
  task<answer> put_in_force(uuid member, uuid new_id, plan_type chosen);
  [[nodiscard]] bool holds(const plan_type& present, const need_type& for_what) const {
    return kind_.is_for(present, for_what) && parts_.time.now() < present.next_refresh_at;
  }

  plan_maker_parts<Kind> parts_;
  Kind kind_;
  member_turns turns_;

 private:
  task<user> account(uuid member);
  task<bool> still_allowed(const question& asked);
  task<coordination::cached> ask(const question& asked, std::optional<plan_type>& made);
  task<std::optional<std::string>> ask_service(const question& asked, std::optional<plan_type>& made);
  [[nodiscard]] bool outgrown(const plan_type& present, const user& who, instant now) const;
  [[nodiscard]] api_error unavailable(const std::string& why) const;
  void count(plan_source source) const;
  void refused(std::string_view why, std::string_view more) const;
};

namespace detail {

/// Left of a request's time for what follows a call outside: the fallbacks and two writes.
inline constexpr std::chrono::seconds reserve{2};
/// An event's handler has 20 s.
inline constexpr std::chrono::seconds background_budget{17};
/// A request not fulfilled by then does not keep its member from asking again.
inline constexpr std::chrono::minutes forgotten_after{10};
inline constexpr coordination::lifetime answer_lifetime{
    .fresh = answer_fresh_for, .stale = answer_stale_for, .negative = std::chrono::milliseconds{0}};

/// The key is a digest: a cache is no place for what people suffer from. It is the member's own, so that nobody learns
/// from the speed of an answer what others have asked for.
std::string cache_key(std::string_view prefix, uuid member, const std::string& need);
plan_source source_of(coordination::freshness how);
/// Asking again would not change it.
bool is_final(error_code code);
api_error no_plan_possible(std::string_view kind, std::string_view service, std::chrono::milliseconds retry_after);
void count_plan(telemetry::metrics& in, std::string_view kind, plan_source source);
void count_refused(telemetry::metrics& in, std::string_view kind, std::string_view why);

}  // namespace detail

/// Whether the service was spared the question: nothing was tried. By the `reason` of its `service_unavailable`.
[[nodiscard]] bool was_not_asked(std::string_view reason);

template <plan_kind Kind>
task<user> plan_maker<Kind>::account(uuid member) {
  auto found = co_await parts_.members(member);
  if (!found) throw not_found("member");
  co_return std::move(*found);
}

template <plan_kind Kind>
task<bool> plan_maker<Kind>::still_allowed(const question& asked) {
  const auto who = co_await account(asked.member);
  co_return kind_.may_go_outside(who, asked.for_what);
}

template <plan_kind Kind>
auto plan_maker<Kind>::generate(uuid member, wishes_type wanted, bool force, uuid new_id, steady_instant deadline)
    -> task<answer> {
  const auto asked_at = parts_.time.now();
  // What the profile lacks is told at once; what counts is the profile when it is the member's turn.
  const auto at_first = co_await account(member);
  static_cast<void>(kind_.need_of(at_first, wanted, asked_at));
  const auto turn = co_await turns_.take(member);
  const auto who = co_await account(member);
  auto for_what = kind_.need_of(who, wanted, asked_at);
  const question asked{member, std::move(wanted), std::move(for_what), force, false, deadline};

  const auto present = co_await parts_.plans.active_of(member);
  // What was made while waiting for the turn is what this call would have made.
  const bool just_made = present && (present->id == new_id || (turn.waited() && present->created_at >= asked_at));
  if (present && holds(*present, asked.for_what) && (just_made || !force)) {
    co_return answer{*present, present->source, present->source == plan_source::stale_cache, present->id == new_id};
  }
  if (kind_.may_go_outside(who, asked.for_what)) {
    auto found = co_await from_outside(asked);
    // An earlier answer that led to the plan the member has is no reason for another one.
    const bool known = found && present && found->source != plan_source::service &&
                       kind_.is_for(*present, asked.for_what) && kind_.same_answer(*found, *present);
    if (known) {
      count(found->source);
      co_return answer{*present, found->source, !holds(*present, asked.for_what), false};
    }
    if (found) co_return co_await put_in_force(member, new_id, std::move(*found));
  }
  if (present) {
    const bool suits = co_await kind_.still_suits(*present, asked.for_what);
    if (suits) {
      count(plan_source::last_plan);
      co_return answer{*present, plan_source::last_plan, true, false};
    }
  }
  auto made = co_await kind_.by_rules(asked.for_what, asked.wanted);
  if (!made) throw unavailable(made.error());
  made->source = plan_source::rules;
  co_return co_await put_in_force(member, new_id, std::move(*made));
}

template <plan_kind Kind>
auto plan_maker<Kind>::in_background(uuid member, wishes_type wanted, need_type for_what) const -> question {
  return {member, std::move(wanted), std::move(for_what), true, true, parts_.time.steady() + detail::background_budget};
}

template <plan_kind Kind>
auto plan_maker<Kind>::from_outside(const question& asked, std::string* why_not) -> task<std::optional<plan_type>> {
  std::optional<plan_type> found;
  try {
    const auto said = co_await ask(asked, found);
    if (!found) {
      auto made = schema::from_json<typename Kind::outside>(*said.value, schema::unknown::ignored);
      auto fitted = co_await kind_.fit(std::move(made), asked.for_what, asked.wanted);
      if (!fitted) throw integrations::service_unavailable{"unsafe", fitted.error()};
      found = std::move(*fitted);
    }
    found->source = detail::source_of(said.how);
    // It may have been withdrawn while the service was at work.
    const bool allowed = co_await still_allowed(asked);
    if (!allowed) throw integrations::service_unavailable{"consent_withdrawn", "the member no longer consents"};
  } catch (const integrations::service_unavailable& failed) {
    found.reset();
    refused(failed.reason, failed.what());
    if (why_not != nullptr) *why_not = failed.reason;
  } catch (const schema::invalid&) {
    found.reset();
    refused("unreadable", "cached by another version of this program");
  }
  co_return found;
}

template <plan_kind Kind>
auto plan_maker<Kind>::successor(const plan_type& present, const user& who, const question& asked, std::string& why_not)
    -> task<std::optional<plan_type>> {
  why_not = "not_configured";
  std::optional<plan_type> next;
  if (kind_.may_go_outside(who, asked.for_what)) next = co_await from_outside(asked, &why_not);
  if (next) co_return next;
  // Where nobody will ever make a better one, the rules do; and wherever the present one is not safe.
  const bool rules_decide = why_not == "not_configured" && !kind_.is_for(present, asked.for_what);
  const bool suits = co_await kind_.still_suits(present, asked.for_what);
  if (suits && !rules_decide) co_return next;
  auto made = co_await kind_.by_rules(asked.for_what, asked.wanted);
  if (made) next = std::move(*made);
  if (next) next->source = plan_source::rules;
  co_return next;
}

// `made` is the plan, where this call asked the service itself.
template <plan_kind Kind>
task<coordination::cached> plan_maker<Kind>::ask(const question& asked, std::optional<plan_type>& made) {
  const auto key = detail::cache_key(Kind::cache_prefix, asked.member, schema::to_json(asked.for_what));
  const auto fill = [&]() -> task<std::optional<std::string>> { return ask_service(asked, made); };
  if (!asked.force) co_return co_await parts_.cache.get_or_fill(key, detail::answer_lifetime, fill);

  std::optional<integrations::service_unavailable> failed;
  try {
    auto value = co_await ask_service(asked, made);
    co_await parts_.cache.put(key, value, detail::answer_lifetime);
    co_return coordination::cached{std::make_shared<const std::string>(std::move(*value)),
                                   coordination::freshness::filled};
  } catch (const integrations::service_unavailable& why) {
    failed = why;
  }
  if (asked.in_background) throw *failed;
  auto kept = co_await parts_.cache.get(key);
  if (!kept || !kept->value) throw *failed;
  // Told, although the member has an answer.
  refused(failed->reason, failed->what());
  co_return std::move(*kept);
}

template <plan_kind Kind>
task<std::optional<std::string>> plan_maker<Kind>::ask_service(const question& asked, std::optional<plan_type>& made) {
  const integrations::still_allowed allowed = [&] { return still_allowed(asked); };
  auto said = co_await kind_.ask(asked.for_what, asked.deadline - detail::reserve, asked.in_background, allowed);
  auto kept = schema::to_json(said);
  auto fitted = co_await kind_.fit(std::move(said), asked.for_what, asked.wanted);
  // What cannot be given to the member is nothing to remember either.
  if (!fitted) throw integrations::service_unavailable{"unsafe", fitted.error()};
  made = std::move(*fitted);
  co_return kept;
}

template <plan_kind Kind>
auto plan_maker<Kind>::put_in_force(uuid member, uuid new_id, plan_type chosen) -> task<answer> {
  const auto now = parts_.time.now();
  const bool makeshift = chosen.source == plan_source::rules || chosen.source == plan_source::stale_cache;
  const auto source = chosen.source;
  chosen.id = new_id;
  chosen.member_id = member;
  chosen.created_at = now;
  chosen.fresh_until = now + answer_fresh_for;
  chosen.next_refresh_at = now + (makeshift ? refresh_rules_after : refresh_after);
  // What is stored counts: an earlier try of the same request may have been first, with another content.
  auto stored = co_await parts_.plans.activate(std::move(chosen));
  count(source);
  co_return answer{std::move(stored), source, source == plan_source::stale_cache, true};
}

template <plan_kind Kind>
auto plan_maker<Kind>::request(uuid member, wishes_type wanted, bool force, uuid request_id) -> task<request_type> {
  const auto now = parts_.time.now();
  // Refused now rather than after a wait.
  const auto who = co_await account(member);
  static_cast<void>(kind_.need_of(who, wanted, now));
  request_type asked;
  asked.id = member;
  asked.request_id = request_id;
  asked.force_refresh = force;
  asked.requested_at = now;
  kind_.set_wishes(asked, std::move(wanted));
  co_await parts_.plans.place_request(asked, now - detail::forgotten_after);
  auto placed = co_await parts_.plans.request_of(member);
  co_return placed ? std::move(*placed) : std::move(asked);
}

template <plan_kind Kind>
task<void> plan_maker<Kind>::fulfil(typename Kind::requested wanted) {
  auto asked = co_await parts_.plans.request_of(wanted.member_id);
  const bool waited_for =
      asked && asked->request_id == wanted.request_id && asked->state == plan_request_state::pending;
  if (!waited_for) co_return;
  // Made from the request, so that the event coming twice meets the plan of its first time.
  const auto plan_id = uuid::derived_from(std::string{Kind::name} + "-plan:" + wanted.request_id.to_string());
  bool tells_itself = false;
  try {
    const auto deadline = parts_.time.steady() + detail::background_budget;
    auto as_asked = kind_.wishes_of(*asked);
    const auto given =
        co_await generate(wanted.member_id, std::move(as_asked), asked->force_refresh, plan_id, deadline);
    asked->state = plan_request_state::done;
    asked->plan_id = given.plan.id;
    tells_itself = given.is_new;
  } catch (const api_error& failed) {
    if (!detail::is_final(failed.code())) throw;
    asked->state = plan_request_state::failed;
    asked->failed_with = std::string{name_of(failed.code())};
  }
  asked->finished_at = parts_.time.now();
  co_await parts_.plans.finish_request(std::move(*asked), !tells_itself);
}

template <plan_kind Kind>
auto plan_maker<Kind>::active(uuid member) -> task<plan_type> {
  auto present = co_await parts_.plans.active_of(member);
  if (!present) throw api_error{error_code::plan_not_found, Kind::no_such_plan};
  co_return std::move(*present);
}

template <plan_kind Kind>
auto plan_maker<Kind>::status(uuid member) -> task<standing> {
  const auto who = co_await account(member);
  standing now_is;
  now_is.missing = kind_.missing_fields(who);
  now_is.current = co_await parts_.plans.active_of(member);
  now_is.plans_so_far = co_await parts_.plans.count_of(member);
  now_is.request = co_await parts_.plans.request_of(member);
  if (now_is.current) {
    const auto now = parts_.time.now();
    now_is.needs_refresh =
        now >= now_is.current->next_refresh_at || (now_is.missing.empty() && outgrown(*now_is.current, who, now));
  }
  co_return now_is;
}

// Whether the member is another one than the plan was made for.
template <plan_kind Kind>
bool plan_maker<Kind>::outgrown(const plan_type& present, const user& who, instant now) const {
  try {
    return !kind_.is_for(present, kind_.need_of(who, kind_.wishes_of(present), now));
  } catch (const api_error&) {
    return true;
  }
}

template <plan_kind Kind>
task<void> plan_maker<Kind>::withdraw(uuid member, uuid id) {
  const bool put_away = co_await parts_.plans.withdraw(member, id);
  if (!put_away) throw api_error{error_code::plan_not_found, Kind::no_such_plan};
}

template <plan_kind Kind>
api_error plan_maker<Kind>::unavailable(const std::string& why) const {
  parts_.log.repeated(telemetry::log_level::warn, "no plan could be given", {{"kind", Kind::name}, {"reason", why}});
  return detail::no_plan_possible(Kind::name, Kind::service_name, dependency().retry_after);
}

template <plan_kind Kind>
void plan_maker<Kind>::count(plan_source source) const {
  detail::count_plan(parts_.metrics, Kind::name, source);
}

template <plan_kind Kind>
void plan_maker<Kind>::refused(std::string_view why, std::string_view more) const {
  detail::count_refused(parts_.metrics, Kind::name, why);
  parts_.log.repeated(telemetry::log_level::warn, "no plan from outside",
                      {{"kind", Kind::name}, {"reason", why}, {"error", more}});
}

}  // namespace nxg::planning
