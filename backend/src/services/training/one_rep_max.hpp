#pragma once

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>

namespace nxg::training {

/// The formulas of the registry (`services/body/strength.hpp`) by their short names.
enum class one_rep_max_formula : std::uint8_t { epley, brzycki, lombardi, oconner, mayhew, wathan };
BOOST_DESCRIBE_ENUM(one_rep_max_formula, epley, brzycki, lombardi, oconner, mayhew, wathan)

struct one_rep_max {
  double kilograms = 0;
  /// Of 11 or 12 repetitions: the error of every formula grows beyond ten (Reynolds et al., J Strength Cond Res
  /// 2006;20:584-592).
  bool low_confidence = false;
  /// Of the formula.
  std::int32_t version = 1;
};

/// For 1 to 12 repetitions with a weight the registry's formula takes; nothing outside that range. What was lifted once
/// is the maximum itself, by whatever formula.
[[nodiscard]] std::optional<one_rep_max> estimate_one_rep_max(one_rep_max_formula by, double weight_kg,
                                                              std::int32_t reps);

inline constexpr std::int32_t most_reps_for_estimate = 12;

}  // namespace nxg::training
