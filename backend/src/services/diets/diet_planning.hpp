#pragma once

#include "coordination/cache.hpp"
#include "integrations/nutrition_planning/nutrition_planning_service.hpp"
#include "models/diet_plan.hpp"
#include "models/diet_request.hpp"
#include "models/user.hpp"
#include "repositories/diet_plans.hpp"
#include "repositories/foods.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "services/diets/diet_profile.hpp"
#include "services/planning/member_turns.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nxg::diets {

/// Reads a member's account; nothing when there is none (or it is erased).
using member_reader = std::function<task<std::optional<user>>(uuid member)>;

/// What diet planning works with; all of it outlives it.
struct diet_planning_parts {
  member_reader members;
  repositories::diet_plans& plans;
  repositories::foods& foods;
  coordination::cache& cache;
  integrations::nutrition_planning_service& service;
  target_maker targets;
  runtime::clock& time;
  telemetry::metrics& metrics;
  telemetry::logger log;
};

struct diet_answer {
  diet_plan plan;
  /// Of this answer; `plan.source` is how the plan came about.
  plan_source source = plan_source::service;
  /// It may not fit the member's present profile, or is older than it should be.
  bool stale = false;
  bool is_new = false;
};

struct diet_status {
  std::vector<field_error> missing;
  std::optional<diet_plan> current;
  bool needs_refresh = false;
  std::uint64_t plans_so_far = 0;
  std::optional<diet_request> request;
};

/// What became of a plan that was due: another is in force; it is not due any more; its member's profile or consent
/// does not allow a new one now; it was tried in vain and is due again later; the service is not to be asked now.
enum class refresh_outcome : std::uint8_t { refreshed, not_due, not_possible, kept, not_asked };

/// How long a service's answer is fresh, how long it may stand in, and when a plan is replaced.
inline constexpr std::chrono::hours answer_fresh_for{24};
inline constexpr std::chrono::hours answer_stale_for{24 * 7};
inline constexpr std::chrono::hours refresh_after{24 * 14};
/// A plan made by rules stands in for a better one: sooner.
inline constexpr std::chrono::hours refresh_rules_after{24};
/// Where a refresh failed.
inline constexpr std::chrono::hours retry_refresh_after{24};

/// Makes members' diet plans and keeps exactly one in force for each.
///
/// A new plan is looked for in this order, the answer saying where it was found: the cache's fresh answer to the
/// member's equal request, the planning service, the cache's stale answer, the plan the member has, our own rules; else
/// `plan_service_unavailable` (503) with a time to come back. A forced refresh asks the service before the cache.
/// Whatever its source, no plan is given in which a listed allergen is named or implied. Nothing goes outside without a
/// consent to the use of health data. One generation at a time per member. Thread-safe.
class diet_planning {
 public:
  explicit diet_planning(diet_planning_parts parts);

  /// The member's plan: the present one while it holds and `force` is not set, else a new one, whose id is `new_id`.
  /// Throws `profile_incomplete` (every missing field), `plan_not_safe`, `plan_in_progress`,
  /// `plan_service_unavailable`, `not_found`, and what the store throws. The service is given no longer than until 2 s
  /// before `deadline`.
  task<diet_answer> generate(uuid member, diet_wishes wishes, bool force, uuid new_id, steady_instant deadline);

  /// Notes that the member wants a plan and will be told. Throws as `generate` where the profile does not do.
  task<diet_request> request(uuid member, diet_wishes wishes, bool force, uuid request_id);
  /// Makes the plan somebody asked for: the handler of `diet_plan_requested`. Repeating it makes no second plan. An
  /// error that time may heal is thrown, so that the event comes again; one that it will not is noted in the request.
  task<void> fulfil(diet_plan_requested wanted);

  /// For a job: replaces a plan that is due, from the service alone and out of the background's part of its quota. Any
  /// number of times.
  task<refresh_outcome> refresh(diet_plan due);

  /// The plan in force. Throws `plan_not_found`.
  task<diet_plan> active(uuid member);
  task<diet_status> status(uuid member);
  /// Puts the member's active plan away. Throws `plan_not_found` when that is not it.
  task<void> withdraw(uuid member, uuid plan);

  /// How the way to the service looks, for `/api/health/dependencies`.
  [[nodiscard]] integrations::service_condition dependency() const { return parts_.service.condition(); }

 private:
  struct candidate {
    diet_content content;
    plan_source source = plan_source::service;
  };
  struct question {
    uuid member;
    diet_need need;
    bool force = false;
    bool in_background = false;
    steady_instant deadline{};
  };
  task<user> account(uuid member);
  task<std::optional<candidate>> from_outside(question asked, std::string* why_not = nullptr);
  task<coordination::cached> ask(const question& asked);
  task<std::optional<std::string>> ask_service(const question& asked);
  task<diet_answer> put_in_force(uuid member, uuid new_id, const diet_need& need, diet_wishes wishes, candidate chosen);
  [[nodiscard]] bool holds(const diet_plan& plan, const diet_need& need) const;
  [[nodiscard]] api_error unavailable(const std::string& why) const;
  void count(plan_source source) const;
  void count_refused(std::string_view why) const;

  diet_planning_parts parts_;
  planning::member_turns turns_;
};

}  // namespace nxg::diets
