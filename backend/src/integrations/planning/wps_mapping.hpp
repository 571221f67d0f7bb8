#pragma once

#include "integrations/planning/planning_service.hpp"
#include "integrations/planning/wps_messages.hpp"

#include <stdexcept>
#include <string>
#include <string_view>

namespace nxg::integrations::wps {

/// The request for that need, with every free text constrained. Nothing in it says who it is for.
[[nodiscard]] plan_request request_for(const training_need& need);

/// An answer that breaks the contract, or is no answer to what was asked. `what()` says how, without the answer's text.
class malformed_answer : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Reads an answer as hostile: sizes, ranges, and whether it keeps to what was asked (training days, rest day, level).
/// Links to outside places are dropped. Throws `malformed_answer`.
[[nodiscard]] outside_plan read_answer(std::string_view body, const training_need& need);

}  // namespace nxg::integrations::wps
