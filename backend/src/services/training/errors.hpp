#pragma once

#include "services/api_error.hpp"

namespace nxg::training {

[[nodiscard]] inline api_error log_not_found() {
  return {error_code::log_not_found, "You have no such training entry."};
}
[[nodiscard]] inline api_error log_closed() {
  return {error_code::log_closed, "A training entry can be corrected or removed for 24 hours."};
}
[[nodiscard]] inline api_error already_logged() {
  return {error_code::already_logged, "The machine has logged these sets already: correct that entry instead."};
}
[[nodiscard]] inline api_error exercise_not_found() {
  return {error_code::exercise_not_found, "The library has no such exercise."};
}
[[nodiscard]] inline api_error contraindicated() {
  return {error_code::plan_not_safe, "This exercise does not suit the health conditions of your profile."};
}

}  // namespace nxg::training
