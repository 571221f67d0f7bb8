#pragma once

#include "integrations/service_condition.hpp"
#include "integrations/still_allowed.hpp"
#include "models/diet_need.hpp"
#include "models/diet_plan.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"

#include <boost/describe/class.hpp>

#include <vector>

namespace nxg::integrations {

/// A week of meals as an outside service made it: checked against its contract and within sane bounds, but not yet
/// against what the member must not eat.
struct outside_diet {
  double target_weight_kg = 0;
  /// Of a day, as the service declares them.
  intake total_macros;
  std::vector<diet_day> days;
};
BOOST_DESCRIBE_STRUCT(outside_diet, (), (target_weight_kg, total_macros, days))

/// Port: whoever makes diet plans for somebody's needs. Thread-safe.
class nutrition_planning_service {
 public:
  nutrition_planning_service() = default;
  nutrition_planning_service(const nutrition_planning_service&) = delete;
  nutrition_planning_service& operator=(const nutrition_planning_service&) = delete;
  virtual ~nutrition_planning_service() = default;

  /// `in_background`: for a job, which leaves the reserve of the quota to people who wait. Throws
  /// `service_unavailable`, its reason `consent_withdrawn` when it was not `allowed` any more; `operation_aborted` when
  /// cancelled. Ends by `deadline`.
  virtual task<outside_diet> make_diet(const diet_need& need, steady_instant deadline, bool in_background,
                                       still_allowed allowed = {}) = 0;
  [[nodiscard]] virtual service_condition condition() const = 0;
};

}  // namespace nxg::integrations
