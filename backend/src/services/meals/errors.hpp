#pragma once

#include "services/api_error.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace nxg::meals {

/// `not_found`, also for another member's.
[[nodiscard]] api_error meal_not_found();
/// `invalid_request` at /image: `code` is one word for the reason, `why` a sentence.
[[nodiscard]] api_error picture_unusable(std::string code, std::string why);
[[nodiscard]] api_error picture_consent_required();
/// `conflict`: a day holds no more of them.
[[nodiscard]] api_error day_full();
/// `conflict`: it is not known yet what the meal was, so there is nothing to confirm, copy or put right by words.
[[nodiscard]] api_error meal_not_analyzed();
/// `unavailable`.
[[nodiscard]] api_error meal_detection_unavailable(std::chrono::milliseconds retry_after);

}  // namespace nxg::meals
