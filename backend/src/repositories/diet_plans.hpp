#pragma once

#include "models/diet_plan.hpp"
#include "models/diet_request.hpp"
#include "repositories/member_plans.hpp"

#include <cstddef>
#include <vector>

namespace nxg::repositories {

/// What is a diet plan's own where it is kept.
struct kept_diet_plans {
  using plan_type = diet_plan;
  using request_type = diet_request;
  using requested = diet_plan_requested;
  using settled = diet_request_settled;
  static constexpr const char* name = "diet plan";

  [[nodiscard]] store::changes<diet_plan> ending(plan_state as) const;
  static store::events activated(const diet_plan& plan);
  static void set_wishes(store::changes<diet_request>& to, const diet_request& wanted);

  runtime::clock* time;
};
extern template class member_plans<kept_diet_plans>;

/// Members' diet plans.
class diet_plans : public member_plans<kept_diet_plans> {
 public:
  diet_plans(store::database& in, runtime::clock& time) : member_plans{in, {&time}} {}

  /// Active plans whose refresh was due at `now`, the longest due first.
  task<std::vector<diet_plan>> due(instant now, std::size_t most);
  /// Notes that a refresh was tried in vain, and when the next one is due.
  task<void> postpone(uuid member, uuid plan, instant tried_at, instant next);
};

}  // namespace nxg::repositories
