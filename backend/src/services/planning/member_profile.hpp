#pragma once

#include "models/training_need.hpp"
#include "models/user.hpp"
#include "models/workout_plan.hpp"
#include "runtime/clock.hpp"
#include "services/api_error.hpp"
#include "services/planning/contraindications.hpp"

#include <cstdint>
#include <vector>

namespace nxg::planning {

/// What a member asks for when asking for a plan.
struct plan_options {
  std::int32_t weekly_workout_days = 3;
  plan_preferences preferences = {};
  /// A new plan even where the present one still holds.
  bool force_refresh = false;
};

/// Every field of the profile a plan needs and does not have, as pointers into the body of the profile's update.
[[nodiscard]] std::vector<field_error> missing_fields(const user& member);

/// Throws `profile_incomplete` with all of them.
[[nodiscard]] training_need need_of(const user& member, const plan_options& options, instant now);

/// What the member's health conditions rule out.
[[nodiscard]] restrictions restrictions_of(const user& member);

[[nodiscard]] plan_basis basis_of(const training_need& need);

/// Whether the need may leave the house: health conditions only under a consent that stands; once a consent was
/// withdrawn nothing at all.
[[nodiscard]] bool may_go_outside(const user& member, const training_need& need);

/// Completed years between the two dates.
[[nodiscard]] std::int32_t age_on(std::chrono::year_month_day today, std::chrono::year_month_day born);

}  // namespace nxg::planning
