#include "services/meals/errors.hpp"

#include <algorithm>
#include <utility>

namespace nxg::meals {

api_error meal_not_found() { return {error_code::meal_not_found, "There is no such meal."}; }

api_error meal_picture_unusable(std::string reason, std::string why) {
  return api_error{error_code::meal_picture_unusable, "This picture cannot be used: take another one."}.with_fields(
      {{"/image", std::move(reason), std::move(why)}});
}

api_error meal_picture_consent_required() {
  return {error_code::consent_required,
          "A picture of a meal is shown to an outside service, which needs recorded consent of type health_data. "
          "Meals can be entered without it."};
}

api_error diary_full() { return {error_code::diary_full, "The diary of that day has no room for more."}; }

api_error meal_not_analyzed() {
  return {error_code::meal_not_analyzed, "It is not known yet what this meal was. Give its items yourself, or wait."};
}

api_error meal_detection_unavailable(std::chrono::milliseconds retry_after) {
  using std::chrono::seconds;
  const auto wait = std::clamp<seconds>(std::chrono::ceil<seconds>(retry_after), seconds{30}, longest_pause);
  return api_error{error_code::meal_detection_unavailable,
                   "Pictures cannot be looked at right now, and neither can corrections in words. Meals can be entered "
                   "and corrected by their items."}
      .with_retry_after(wait);
}

}  // namespace nxg::meals
