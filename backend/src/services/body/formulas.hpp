#pragma once

#include "models/estimate.hpp"
#include "schema/reflection.hpp"

#include <boost/describe/class.hpp>

#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::body {

enum class input_need : std::uint8_t {
  always,
  /// By the equation for women; also where the sex was not given, as both are calculated then.
  of_women,
  /// Only checked: the equation does without it.
  where_given,
};
BOOST_DESCRIBE_ENUM(input_need, always, of_women, where_given)

/// What a formula asks of one input. Outside `least` to `most` it gives no answer, outside `sure_from` to `sure_to` one
/// of low confidence.
struct formula_input {
  std::string name;
  input_need need = input_need::always;
  double least = 0;
  double most = 0;
  double sure_from = 0;
  double sure_to = 0;
  std::optional<double> formula_inputs::* member = nullptr;

  formula_input&& sure(double from, double to) && {
    sure_from = from;
    sure_to = to;
    return std::move(*this);
  }
  formula_input&& only(input_need when) && {
    need = when;
    return std::move(*this);
  }
};
BOOST_DESCRIBE_STRUCT(formula_input, (), (name, need, least, most, sure_from, sure_to))

/// An input by its member, with the range the formula holds for.
template <std::optional<double> formula_inputs::* Member>
[[nodiscard]] formula_input in(double least, double most) {
  return {std::string{schema::path_of<Member>()}, input_need::always, least, most, least, most, Member};
}

/// A worked example: what anybody who implements the formula must get.
struct worked_example {
  formula_inputs inputs{};
  double value = 0;
};
BOOST_DESCRIBE_STRUCT(worked_example, (), (inputs, value))

/// One formula: what it says, for whom it holds, and who found it.
struct formula {
  formula_id id = formula_id::bmi;
  std::int32_t version = 1;
  std::string name{};
  std::string unit{};
  /// In the symbols of the inputs' names.
  std::string expression{};
  std::vector<formula_input> inputs{};
  bool differs_by_sex = false;
  /// Refused for those who are known to be under 18.
  bool adults_only = false;
  std::string valid_range{};
  std::string source{};
  /// How far it is usually off, in words; empty where its source does not say.
  std::string error_band{};
  nxg::confidence confidence = nxg::confidence::medium;
  std::vector<worked_example> examples{};

  /// Of inputs that are all there and in range. None: it is calculated elsewhere, as it gives more than a number.
  double (*equation)(const formula_inputs& of, body_sex sex) = nullptr;
  /// Results outside are not told.
  double least_result = 0;
  double most_result = std::numeric_limits<double>::max();
};
BOOST_DESCRIBE_STRUCT(formula, (),
                      (id, version, name, unit, expression, inputs, differs_by_sex, adults_only, valid_range, source,
                       error_band, confidence, examples))

inline constexpr double adult_from_years = 18;

/// All of them, in the order of `formula_id`.
[[nodiscard]] const std::vector<formula>& formulas();

[[nodiscard]] const formula& formula_of(formula_id id);

/// Never throws, never guesses: without a needed input, or outside the range, there is no value, and the answer says
/// why. Inputs the formula does not take are ignored. Not for `macro_targets` (see `macros.hpp`).
[[nodiscard]] estimate calculate(formula_id id, const formula_inputs& from);

}  // namespace nxg::body
