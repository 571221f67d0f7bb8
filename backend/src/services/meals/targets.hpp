#pragma once

#include "models/user.hpp"
#include "runtime/task.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace nxg::meals {

/// Where targets come from: the member's diet plan, formulas over the profile, or nowhere.
enum class target_source : std::uint8_t { diet_plan, body_formulas, none };
BOOST_DESCRIBE_ENUM(target_source, diet_plan, body_formulas, none)

/// What a day should come to. What cannot be told is absent, never 0.
struct nutrition_targets {
  target_source source = target_source::none;
  std::optional<double> energy_kcal;
  std::optional<double> carbs_g;
  std::optional<double> protein_g;
  std::optional<double> fat_g;
  std::optional<double> fiber_g;
  /// 35 ml per kg.
  std::optional<std::int64_t> water_ml;
  /// How it was calculated, where it was.
  std::optional<std::string> formula;

  static constexpr std::string_view schema_name = "NutritionTargets";
};
BOOST_DESCRIBE_STRUCT(nutrition_targets, (),
                      (source, energy_kcal, carbs_g, protein_g, fat_g, fiber_g, water_ml, formula))

/// The targets of a member now.
using target_reader = std::function<task<nutrition_targets>(user member)>;

/// 35 ml per kg of body weight, to 10 ml; nothing without a weight.
[[nodiscard]] std::optional<std::int64_t> water_target_ml(const user& member);

}  // namespace nxg::meals
