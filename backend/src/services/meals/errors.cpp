#include "services/meals/errors.hpp"

#include <algorithm>
#include <utility>

namespace nxg::meals {

api_error meal_not_found() { return not_found("meal"); }

api_error picture_unusable(std::string code, std::string why) {
  return invalid_field("/image", std::move(code), std::move(why));
}

api_error picture_consent_required() {
  return {error_code::consent_required,
          "A picture of a meal is shown to an outside service, which needs recorded consent of type health_data. "
          "Meals can be entered without it."};
}

api_error day_full() { return {error_code::conflict, "The diary of that day has no room for more."}; }

api_error meal_not_analyzed() {
  return {error_code::conflict, "It is not known yet what this meal was. Give its items yourself, or wait."};
}

api_error meal_detection_unavailable(std::chrono::milliseconds retry_after) {
  using std::chrono::seconds;
  const auto wait = std::max(std::chrono::ceil<seconds>(retry_after), seconds{30});
  return unavailable(
      "Pictures cannot be looked at right now, and neither can corrections in words. Meals can be entered and "
      "corrected "
      "by their items.",
      wait);
}

}  // namespace nxg::meals
