#pragma once

#include "integrations/meal_detection/meal_detector.hpp"

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::integrations::mds {

/// An answer that breaks the contract. `what()` says how, without the answer's text.
class malformed_answer : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
/// An answer with instructions where names of foods belong.
class instructing_answer : public malformed_answer {
 public:
  using malformed_answer::malformed_answer;
};

/// Reads an answer as hostile. The nutrition of a food is what the service says for the whole quantity, unless what it
/// says per unit contradicts that by more than a tenth: then the answer makes no sense. Throws `malformed_answer`.
[[nodiscard]] detected_meal read_answer(std::string_view body);

/// The body of `POST /identify/`.
struct form {
  std::string content_type;
  std::string body;
};
/// `boundary` must not be in the picture.
[[nodiscard]] form identify_form(std::string_view jpeg, std::string_view boundary);

/// A line per food, `[name][quantity unit][description]`, then the totals: how the service wants to be reminded.
[[nodiscard]] std::string breakdown_of(const std::vector<meal_item>& items);
/// The body of `POST /edit/`; the member's text is constrained.
[[nodiscard]] std::string edit_body(const std::vector<meal_item>& before, std::string_view correction);

}  // namespace nxg::integrations::mds
