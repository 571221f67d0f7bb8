#pragma once

#include "coordination/cache.hpp"
#include "integrations/planning/planning_service.hpp"
#include "models/plan_request.hpp"
#include "models/user.hpp"
#include "models/workout_plan.hpp"
#include "repositories/workout_plans.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "services/exercises/exercise_catalogue.hpp"
#include "services/planning/member_profile.hpp"
#include "services/planning/member_turns.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace nxg::planning {

/// Reads a member's account; nothing when there is none (or it is erased).
using member_reader = std::function<task<std::optional<user>>(uuid member)>;

/// What planning works with; all of it outlives it.
struct planning_parts {
  member_reader members;
  repositories::workout_plans& plans;
  exercises::catalogue& exercises;
  coordination::cache& cache;
  integrations::planning_service& service;
  runtime::clock& time;
  telemetry::metrics& metrics;
  telemetry::logger log;
};

struct plan_answer {
  workout_plan plan;
  /// Of this answer; `plan.source` is how the plan came about.
  plan_source source = plan_source::service;
  /// It may not fit the member's present profile, or is older than it should be.
  bool stale = false;
  bool is_new = false;
};

struct plan_status {
  std::vector<field_error> missing;
  std::optional<workout_plan> current;
  bool needs_refresh = false;
  bool expired = false;
  std::uint64_t plans_so_far = 0;
  std::optional<plan_request> request;
};

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
  /// The profile has gaps, or there is no such plan or member any more.
  not_possible,
  /// Nothing was tried: the service is not to be asked now.
  postponed,
  /// Tried in vain; the present one stays, and when it was tried is noted.
  kept,
};

/// Makes members' plans and keeps exactly one in force for each.
///
/// A new plan is looked for in this order, the answer saying where it was found: the cache's fresh answer to the
/// member's equal request, the planning service, the cache's stale answer, the plan the member has, our own rules; else
/// `plan_service_unavailable` (503) with a time to come back. A forced refresh asks the service before the cache.
/// One generation at a time per member: whoever asks meanwhile waits and gets the same plan. Thread-safe.
class planning {
 public:
  explicit planning(planning_parts parts);

  /// The member's plan: the present one while it holds and `options` do not force a new one, else a new one, whose id
  /// is `new_id`. Throws `profile_incomplete` (every missing field), `plan_in_progress`, `plan_service_unavailable`,
  /// `not_found`, and what the store throws. The service is given no longer than until 2 s before `deadline`.
  task<plan_answer> generate(uuid member, plan_options options, uuid new_id, steady_instant deadline);

  /// Notes that the member wants a plan and will be told by `plan_activated`. Throws as `generate` where the profile is
  /// incomplete. A member who waits already goes on waiting for that one.
  task<plan_request> request(uuid member, plan_options options, uuid request_id);
  /// Makes the plan somebody asked for: the handler of `plan_requested`. Repeating it makes no second plan. An error
  /// that time may heal is thrown, so that the event comes again; one that it will not is noted in the request.
  task<void> fulfil(plan_requested wanted);

  /// For a job: replaces the member's plan where it is time, because it is old enough, the goal (or another of its
  /// bases) changed, or it holds what the member must not do any more. The present plan stays until its successor is
  /// there. Any number of times.
  task<refresh_outcome> refresh(uuid member);

  /// The plan in force. Throws `plan_not_found`.
  task<workout_plan> active(uuid member);
  task<plan_status> status(uuid member);
  /// Puts the member's active plan away. Throws `plan_not_found` when that is not it.
  task<void> withdraw(uuid member, uuid plan);

  /// How the way to the service looks, for `/api/health/dependencies`.
  [[nodiscard]] integrations::service_condition dependency() const { return parts_.service.condition(); }

 private:
  struct candidate {
    plan_content content;
    plan_source source;
    std::string service_plan_id;
  };
  task<user> account(uuid member);
  struct question {
    uuid member;
    training_need need;
    bool force = false;
    steady_instant deadline{};
  };
  task<std::optional<candidate>> from_outside(question asked, const exercises::library& library);
  task<coordination::cached> ask(const question& asked);
  task<std::optional<std::string>> ask_service(const question& asked);
  static bool is_known(const candidate& found, const workout_plan& present, const training_need& need);
  task<plan_answer> put_in_force(uuid member, uuid new_id, const training_need& need, candidate chosen,
                                 std::optional<uuid> refreshes = {});
  task<std::optional<candidate>> asked_in_background(uuid member, const training_need& need,
                                                     const exercises::library& library, std::string& why_not);
  task<refresh_outcome> replace(const workout_plan& present, const user& who);
  [[nodiscard]] bool holds(const workout_plan& plan, const plan_basis& basis) const;
  [[nodiscard]] api_error unavailable(const std::string& why) const;
  void count(plan_source source) const;

  planning_parts parts_;
  member_turns turns_;
};

}  // namespace nxg::planning
