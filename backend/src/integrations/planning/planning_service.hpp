#pragma once

#include "integrations/service_condition.hpp"
#include "integrations/still_allowed.hpp"
#include "models/training_need.hpp"
#include "models/workout_plan.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <string>

namespace nxg::integrations {

/// A plan as an outside service made it: checked against its contract and within sane bounds, but its exercises are
/// not yet compared with our library nor with what the member may do.
struct outside_plan {
  /// The service's own id of it.
  std::string plan_id;
  plan_content content;
};
BOOST_DESCRIBE_STRUCT(outside_plan, (), (plan_id, content))

/// Who waits: a person, or a job, which leaves the quota's reserve to people.
enum class urgency : std::uint8_t { interactive, background };

/// Port: whoever makes workout plans for a training profile. Thread-safe.
class planning_service {
 public:
  planning_service() = default;
  planning_service(const planning_service&) = delete;
  planning_service& operator=(const planning_service&) = delete;
  virtual ~planning_service() = default;

  /// Throws `service_unavailable`, its reason `consent_withdrawn` when it was not `allowed` any more;
  /// `operation_aborted` when cancelled. Ends by `deadline`.
  virtual task<outside_plan> make_plan(const training_need& need, steady_instant deadline,
                                       urgency how = urgency::interactive, still_allowed allowed = {}) = 0;
  [[nodiscard]] virtual service_condition condition() const = 0;
};

}  // namespace nxg::integrations
