#pragma once

#include "models/diet_need.hpp"
#include "models/user.hpp"
#include "runtime/clock.hpp"
#include "services/api_error.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nxg::diets {

/// What somebody should eat in a day; nothing where the profile does not say enough. By the gym's formulas.
using target_maker = std::function<std::optional<intake>(const user&, const diet_wishes&, instant now)>;

/// A BMI from which on nobody may lose weight with our help (WHO: underweight).
inline constexpr double least_bmi_for_weight_loss = 18.5;

/// Every field of the profile a diet plan needs and does not have, as pointers into the body of the profile's update.
[[nodiscard]] std::vector<field_error> missing_fields(const user& member);

/// In the member's own words.
[[nodiscard]] std::vector<std::string> allergies_of(const user& member);
/// Those of the plan's wishes, or else of the profile; in order.
[[nodiscard]] std::vector<dietary_restriction> restrictions_of(const user& member, const diet_wishes& wishes);

/// Throws `profile_incomplete` with all of them, and `plan_not_safe` for weight loss below a BMI of 18.5 or towards
/// one.
[[nodiscard]] diet_need need_of(const user& member, const diet_wishes& wishes, const target_maker& targets,
                                instant now);

[[nodiscard]] diet_basis basis_of(const diet_need& need);

/// Whether a plan of that basis is one for that need; the target weight may have been left open.
[[nodiscard]] bool is_for(const diet_basis& basis, const diet_need& need);

/// Whether the need may leave the house: only under a consent to the use of health data that stands.
[[nodiscard]] bool may_go_outside(const user& member);

}  // namespace nxg::diets
