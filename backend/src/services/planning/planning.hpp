#pragma once

#include "integrations/planning/planning_service.hpp"
#include "models/plan_request.hpp"
#include "models/workout_plan.hpp"
#include "repositories/workout_plans.hpp"
#include "services/exercises/exercise_catalogue.hpp"
#include "services/planning/member_profile.hpp"
#include "services/planning/plan_maker.hpp"

#include <expected>
#include <string>
#include <vector>

namespace nxg::planning {

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

/// What is a workout plan's own in being made (see `plan_maker`): its exercises are those of the library, and what a
/// condition of the member rules out is not among them.
class workout_kind {
 public:
  using plan_type = workout_plan;
  using request_type = plan_request;
  using requested = plan_requested;
  using need_type = training_need;
  using wishes_type = plan_options;
  using outside = integrations::outside_plan;
  using store = repositories::workout_plans;
  using made_plan = std::expected<workout_plan, std::string>;
  static constexpr const char* name = "workout";
  static constexpr const char* service_name = "planning service";
  static constexpr const char* cache_prefix = "wps:plan:";
  static constexpr const char* no_such_plan = "There is no such workout plan.";

  workout_kind(exercises::catalogue& exercises, integrations::planning_service& service, telemetry::logger log)
      : exercises_{exercises}, service_{service}, log_{std::move(log)} {}

  [[nodiscard]] std::vector<field_error> missing_fields(const user& member) const;
  [[nodiscard]] training_need need_of(const user& member, const plan_options& wanted, instant now) const;
  [[nodiscard]] bool may_go_outside(const user& member, const training_need& need) const;
  task<integrations::outside_plan> ask(const training_need& need, steady_instant deadline, bool in_background,
                                       integrations::still_allowed allowed);
  task<made_plan> fit(integrations::outside_plan said, const training_need& need, const plan_options& wanted);
  task<made_plan> by_rules(const training_need& need, const plan_options& wanted);
  [[nodiscard]] bool is_for(const workout_plan& plan, const training_need& need) const;
  task<bool> still_suits(const workout_plan& plan, const training_need& need);
  [[nodiscard]] bool same_answer(const workout_plan& found, const workout_plan& present) const;
  [[nodiscard]] plan_options wishes_of(const workout_plan& plan) const;
  [[nodiscard]] plan_options wishes_of(const plan_request& request) const;
  void set_wishes(plan_request& to, plan_options wanted) const;
  [[nodiscard]] integrations::service_condition condition() const { return service_.condition(); }

 private:
  exercises::catalogue& exercises_;
  integrations::planning_service& service_;
  telemetry::logger log_;
};
extern template class plan_maker<workout_kind>;

using plan_answer = given_plan<workout_plan>;

struct plan_status : plan_standing<workout_plan, plan_request> {
  /// Its weeks are over.
  bool expired = false;
};

/// Makes members' workout plans and keeps exactly one in force for each.
class planning : public plan_maker<workout_kind> {
 public:
  explicit planning(planning_parts parts);

  using plan_maker::generate;
  using plan_maker::request;
  /// The same, where the wishes say whether a new plan is wanted.
  task<plan_answer> generate(uuid member, plan_options options, uuid new_id, steady_instant deadline);
  task<plan_request> request(uuid member, plan_options options, uuid request_id);

  /// For a job: replaces the member's plan where it is time, because it is old enough, the goal (or another of its
  /// bases) changed, or it holds what the member must not do any more. The present plan stays until its successor is
  /// there. Any number of times.
  task<refresh_outcome> refresh(uuid member);

  task<plan_status> status(uuid member);

 private:
  task<refresh_outcome> replace(const workout_plan& present, const user& who);
};

}  // namespace nxg::planning
