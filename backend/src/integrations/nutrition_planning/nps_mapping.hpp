#pragma once

#include "integrations/nutrition_planning/nutrition_planning_service.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

namespace nxg::integrations::nps {

/// The body of the request for that need: one line of text, every free text in it constrained. Nothing in it says who
/// it is for.
[[nodiscard]] std::string request_for(const diet_need& need);

/// The line itself: fields, each with its name, separated by semicolons.
[[nodiscard]] std::string input_text(const diet_need& need);

/// An answer that breaks the contract, or is no answer to what was asked. `what()` says how, without the answer's text.
class malformed_answer : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads an answer as hostile: sizes, ranges (1 to 7 days, 0 to 2000 kcal a meal), whether each day comes to what is
/// declared within 15 %, whether what is declared is near what was asked and no less than anybody should eat, and
/// whether its texts are meals rather than instructions or links. Throws `malformed_answer`.
[[nodiscard]] outside_diet read_answer(std::string_view body, const diet_need& need);

}  // namespace nxg::integrations::nps
