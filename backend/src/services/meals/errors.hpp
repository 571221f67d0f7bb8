#pragma once

#include "services/api_error.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace nxg::meals {

/// Also for another member's.
[[nodiscard]] api_error meal_not_found();
/// `reason` is one word, `why` a sentence; told at /image.
[[nodiscard]] api_error meal_picture_unusable(std::string reason, std::string why);
[[nodiscard]] api_error meal_picture_consent_required();
/// A day holds no more meals, or no more drinks.
[[nodiscard]] api_error diary_full();
/// It is not known yet what the meal was, so there is nothing to confirm, copy or put right by words.
[[nodiscard]] api_error meal_not_analyzed();
/// A service may ask to be left alone for so long; a single answer of it stops nothing for a day.
inline constexpr std::chrono::minutes longest_pause{10};
/// Comes with a time to come back: what is asked for, but 30 s at least and `longest_pause` at most.
[[nodiscard]] api_error meal_detection_unavailable(std::chrono::milliseconds retry_after);

}  // namespace nxg::meals
