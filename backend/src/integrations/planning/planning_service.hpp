#pragma once

#include "models/training_need.hpp"
#include "models/workout_plan.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"

#include <boost/describe/class.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
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

/// The service gave no plan that can be used.
class planning_unavailable : public std::runtime_error {
 public:
  planning_unavailable(std::string short_reason, const std::string& what,
                       std::optional<std::chrono::milliseconds> pause = {})
      : std::runtime_error{what}, reason{std::move(short_reason)}, retry_after{pause} {}

  /// One word for logs and metrics: `timed_out`, `breaker_open`, `malformed`, `not_configured`, ….
  std::string reason;
  std::optional<std::chrono::milliseconds> retry_after;
};

/// How the way to an outside service looks from this process, for `/api/health/dependencies`.
struct service_condition {
  std::string service;
  bool configured = true;
  /// closed | open | half_open
  std::string breaker;
  std::chrono::milliseconds retry_after{0};
  std::size_t running = 0;
  std::size_t waiting = 0;
};

/// Who waits: a person, or a job, which leaves the quota's reserve to people.
enum class urgency : std::uint8_t { interactive, background };

/// Port: whoever makes workout plans for a training profile. Thread-safe.
class planning_service {
 public:
  planning_service() = default;
  planning_service(const planning_service&) = delete;
  planning_service& operator=(const planning_service&) = delete;
  virtual ~planning_service() = default;

  /// Throws `planning_unavailable`; `operation_aborted` when cancelled. Ends by `deadline`.
  virtual task<outside_plan> make_plan(const training_need& need, steady_instant deadline,
                                       urgency how = urgency::interactive) = 0;
  [[nodiscard]] virtual service_condition condition() const = 0;
};

}  // namespace nxg::integrations
