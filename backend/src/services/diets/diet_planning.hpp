#pragma once

#include "integrations/nutrition_planning/nutrition_planning_service.hpp"
#include "models/diet_plan.hpp"
#include "models/diet_request.hpp"
#include "repositories/diet_plans.hpp"
#include "repositories/foods.hpp"
#include "services/diets/diet_profile.hpp"
#include "services/planning/plan_maker.hpp"

#include <chrono>
#include <expected>
#include <string>
#include <vector>

namespace nxg::diets {

/// What diet planning works with; all of it outlives it.
struct diet_planning_parts {
  planning::member_reader members;
  repositories::diet_plans& plans;
  repositories::foods& foods;
  coordination::cache& cache;
  integrations::nutrition_planning_service& service;
  target_maker targets;
  runtime::clock& time;
  telemetry::metrics& metrics;
  telemetry::logger log;
};

/// What is a diet plan's own in being made (see `plan_maker`). Whatever its source, no plan is given in which a listed
/// allergen is named or implied. Nothing goes outside without a consent to the use of health data.
class diet_kind {
 public:
  using plan_type = diet_plan;
  using request_type = diet_request;
  using requested = diet_plan_requested;
  using need_type = diet_need;
  using wishes_type = diet_wishes;
  using outside = integrations::outside_diet;
  using store = repositories::diet_plans;
  using made_plan = std::expected<diet_plan, std::string>;
  static constexpr const char* name = "diet";
  static constexpr const char* service_name = "nutrition planning service";
  static constexpr const char* cache_prefix = "nps:plan:";
  static constexpr const char* no_such_plan =
      "There is no such diet plan: POST /api/integrations/diet-plans makes one.";

  diet_kind(repositories::foods& foods, integrations::nutrition_planning_service& service, target_maker targets)
      : foods_{foods}, service_{service}, targets_{std::move(targets)} {}

  [[nodiscard]] std::vector<field_error> missing_fields(const user& member) const;
  [[nodiscard]] diet_need need_of(const user& member, const diet_wishes& wanted, instant now) const;
  [[nodiscard]] bool may_go_outside(const user& member, const diet_need& need) const;
  task<integrations::outside_diet> ask(const diet_need& need, steady_instant deadline, bool in_background,
                                       integrations::still_allowed allowed);
  task<made_plan> fit(integrations::outside_diet said, const diet_need& need, const diet_wishes& wanted);
  task<made_plan> by_rules(const diet_need& need, const diet_wishes& wanted);
  [[nodiscard]] bool is_for(const diet_plan& plan, const diet_need& need) const;
  task<bool> still_suits(const diet_plan& plan, const diet_need& need);
  [[nodiscard]] bool same_answer(const diet_plan& found, const diet_plan& present) const;
  [[nodiscard]] diet_wishes wishes_of(const diet_plan& plan) const { return plan.content->wishes; }
  [[nodiscard]] diet_wishes wishes_of(const diet_request& request) const { return request.wishes; }
  void set_wishes(diet_request& to, diet_wishes wanted) const { to.wishes = std::move(wanted); }
  [[nodiscard]] integrations::service_condition condition() const { return service_.condition(); }

 private:
  repositories::foods& foods_;
  integrations::nutrition_planning_service& service_;
  target_maker targets_;
};

}  // namespace nxg::diets

namespace nxg::planning {
extern template class plan_maker<diets::diet_kind>;
}

namespace nxg::diets {

using diet_answer = planning::given_plan<diet_plan>;
using diet_status = planning::plan_standing<diet_plan, diet_request>;
using planning::refresh_outcome;

/// Where a refresh failed.
inline constexpr std::chrono::hours retry_refresh_after{24};

/// Makes members' diet plans and keeps exactly one in force for each.
class diet_planning : public planning::plan_maker<diet_kind> {
 public:
  explicit diet_planning(diet_planning_parts parts);

  /// The plan in force. Throws `plan_not_found`, and `plan_not_safe` where it may hold what the member, by the present
  /// profile, must not eat, and no other one could be had so far.
  task<diet_plan> active(uuid member);

  /// For a job: replaces a plan that is due, from the service alone and out of the background's part of its quota. One
  /// that was tried in vain is due again later. Any number of times.
  task<refresh_outcome> refresh(diet_plan due);

  /// The member's profile changed: replaces a plan it no longer suits. Where no other plan can be had now, the present
  /// one stays and is due at once. Any number of times.
  task<refresh_outcome> follow(uuid member);

 private:
  [[nodiscard]] std::optional<diet_need> need_of(const user& member, const diet_wishes& wanted) const;
  task<refresh_outcome> put_off(const diet_plan& due, refresh_outcome because);
};

}  // namespace nxg::diets
