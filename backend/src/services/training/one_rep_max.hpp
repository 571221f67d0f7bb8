#pragma once

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>

namespace nxg::training {

/// Estimates of the most one could lift once, from a weight lifted several times:
///
///   epley     w (1 + r/30)                       Epley 1985
///   brzycki   36 w / (37 - r)                    Brzycki, JOPERD 1993;64(1):88-90
///   lombardi  w r^0.10                           Lombardi 1989
///   oconner   w (1 + 0.025 r)                    O'Conner, Simmons, O'Shea 1989
///   mayhew    100 w / (52.2 + 41.9 e^(-0.055 r)) Mayhew et al. 1992
///   wathan    100 w / (48.8 + 53.8 e^(-0.075 r)) Wathan 1994
enum class one_rep_max_formula : std::uint8_t { epley, brzycki, lombardi, oconner, mayhew, wathan };
BOOST_DESCRIBE_ENUM(one_rep_max_formula, epley, brzycki, lombardi, oconner, mayhew, wathan)

struct one_rep_max {
  double kilograms = 0;
  /// Of 11 or 12 repetitions: the error of every formula grows beyond ten (Reynolds et al., J Strength Cond Res
  /// 2006;20:584-592).
  bool low_confidence = false;
};

/// For 1 to 12 repetitions with a positive weight; nothing outside that range. One repetition is the maximum itself.
[[nodiscard]] std::optional<one_rep_max> estimate_one_rep_max(one_rep_max_formula by, double weight_kg,
                                                              std::int32_t reps) noexcept;

inline constexpr std::int32_t most_reps_for_estimate = 12;

}  // namespace nxg::training
