#pragma once

#include "integrations/service_condition.hpp"
#include "integrations/still_allowed.hpp"
#include "models/meal.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>
#include <vector>

namespace nxg::integrations {

/// What an outside service sees on a picture: checked against its contract and within sane bounds. Whether the figures
/// make sense is another question.
struct detected_meal {
  /// May be empty: there is nothing to eat on it.
  std::vector<meal_item> items;
  /// 0 to 1, where the service says how sure it is.
  std::optional<double> confidence;
};
BOOST_DESCRIBE_STRUCT(detected_meal, (), (items, confidence))

/// Port: whoever tells what is on a picture of a meal. Never learns whose it is. Thread-safe.
class meal_detector {
 public:
  meal_detector() = default;
  meal_detector(const meal_detector&) = delete;
  meal_detector& operator=(const meal_detector&) = delete;
  virtual ~meal_detector() = default;

  /// `background`: nobody waits; leaves the quota's reserve to those who do. Throws `service_unavailable`,
  /// its reason `consent_withdrawn` when it was not `allowed` any more; `operation_aborted` when cancelled. Ends by
  /// `deadline`.
  virtual task<detected_meal> identify(std::string jpeg, bool background, steady_instant deadline,
                                       still_allowed allowed = {}) = 0;
  /// What it is after the member has said what is wrong with `before`. As `identify`.
  virtual task<detected_meal> correct(std::vector<meal_item> before, std::string correction, steady_instant deadline,
                                      still_allowed allowed = {}) = 0;
  [[nodiscard]] virtual service_condition condition() const = 0;
};

}  // namespace nxg::integrations
