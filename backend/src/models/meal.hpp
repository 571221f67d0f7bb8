#pragma once

#include "models/intake.hpp"
#include "models/meal_type.hpp"
#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "schema/types.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg {

/// How a meal came into the log.
enum class meal_source : std::uint8_t { scan, manual, history, plan };
BOOST_DESCRIBE_ENUM(meal_source, scan, manual, history, plan)

/// Of a photographed meal: whether somebody knows yet what is on it. `none`: there is no picture to look at.
enum class detection_state : std::uint8_t { none, pending, done, failed };
BOOST_DESCRIBE_ENUM(detection_state, none, pending, done, failed)

/// Who said what is on a picture: the meal detection service, an earlier answer of it to the same picture (`cache`,
/// `stale_cache`), or an earlier meal of the member whose picture looks the same.
enum class detection_source : std::uint8_t { service, cache, stale_cache, earlier_meal };
BOOST_DESCRIBE_ENUM(detection_source, service, cache, stale_cache, earlier_meal)

/// Why figures should be looked at before they count.
enum class meal_doubt : std::uint8_t {
  item_energy_out_of_range,    ///< one thing of more than 3,000 kcal
  energy_does_not_fit_macros,  ///< |4 C + 4 P + 9 F - kcal| above 25 % and above 40 kcal
  fiber_exceeds_carbs,         ///< by more than 5 g
  meal_energy_out_of_range,    ///< more than 5,000 kcal together
  low_confidence,              ///< the service is less than 70 % sure
  confidence_unknown,          ///< it did not say
};
BOOST_DESCRIBE_ENUM(meal_doubt, item_energy_out_of_range, energy_does_not_fit_macros, fiber_exceeds_carbs,
                    meal_energy_out_of_range, low_confidence, confidence_unknown)

/// One thing of a meal.
struct meal_item {
  std::string name;
  double quantity = 1;
  std::string unit;
  std::string description_;
  /// Of the food database, where it comes from there.
  std::optional<uuid> food_id;
  /// Of the whole quantity.
  intake nutrition;

  friend bool operator==(const meal_item&, const meal_item&) = default;
};
BOOST_DESCRIBE_STRUCT(meal_item, (), (name, quantity, unit, description_, food_id, nutrition))

/// What was corrected, and how it stood before.
struct meal_correction {
  std::string correction;
  instant corrected_at{};
  std::vector<meal_item> previous_items;
  intake previous_totals;
};
BOOST_DESCRIBE_STRUCT(meal_correction, (), (correction, corrected_at, previous_items, previous_totals))

inline constexpr std::size_t corrections_kept = 20;

/// What somebody ate, in full: sealed in stores.
struct meal_content {
  std::vector<meal_item> items;
  intake totals;
  std::string notes;
  /// The last 20, oldest first.
  std::vector<meal_correction> corrections;
};
BOOST_DESCRIBE_STRUCT(meal_content, (), (items, totals, notes, corrections))

/// One meal of a member's log.
struct meal {
  uuid id;
  std::int64_t version = 0;
  uuid member_id;
  meal_source source = meal_source::manual;
  nxg::meal_type meal_type = nxg::meal_type::snack;
  instant logged_at{};
  /// The member's zone then, and the date there; neither changes later.
  std::string time_zone;
  schema::local_date local_date{};
  detection_state detection = detection_state::none;
  std::optional<detection_source> detected_by;
  /// Why the last attempt gave nothing, in one word.
  std::optional<std::string> detection_trouble;
  std::optional<instant> next_detection_at;
  std::int32_t detection_attempts = 0;
  /// Of its picture, in the object store.
  std::optional<std::string> image_key;
  /// SHA-256 of the picture, and what it looks like (`pictures::perceptual_hash`).
  std::optional<std::string> picture_hash;
  std::optional<std::string> picture_looks;
  std::optional<double> confidence;
  /// The member said that it is right, or entered it.
  bool is_verified = false;
  std::vector<meal_doubt> doubts;
  /// The meal it was copied from.
  std::optional<uuid> source_meal_id;
  std::int64_t correction_count = 0;
  schema::encrypted<meal_content> content;
  instant created_at{};
  instant updated_at{};

  /// Whether figures stand that are good enough to earn something.
  [[nodiscard]] bool counts() const noexcept;
};
BOOST_DESCRIBE_STRUCT(meal, (),
                      (id, version, member_id, source, meal_type, logged_at, time_zone, local_date, detection,
                       detected_by, detection_trouble, next_detection_at, detection_attempts, image_key, picture_hash,
                       picture_looks, confidence, is_verified, doubts, source_meal_id, correction_count, content,
                       created_at, updated_at))
store::declaration<meal> declare(store::tag<meal>);

/// A meal is there, has changed or is gone: whatever is derived from its day is to be set anew.
struct meal_changed {
  uuid meal_id;
  uuid member_id;
  schema::local_date local_date{};
};
BOOST_DESCRIBE_STRUCT(meal_changed, (), (meal_id, member_id, local_date))
store::event_declaration<meal_changed> declare(store::tag<meal_changed>);

/// Somebody, or nobody for good, has said what is on a meal's picture.
struct meal_analyzed {
  uuid meal_id;
  uuid member_id;
  detection_state status = detection_state::done;
};
BOOST_DESCRIBE_STRUCT(meal_analyzed, (), (meal_id, member_id, status))
store::event_declaration<meal_analyzed> declare(store::tag<meal_analyzed>);

/// The picture of a meal that is gone can go too.
struct meal_picture_left {
  std::string image_key;
};
BOOST_DESCRIBE_STRUCT(meal_picture_left, (), (image_key))
store::event_declaration<meal_picture_left> declare(store::tag<meal_picture_left>);

inline constexpr std::string_view meal_picture_prefix = "meals/";
/// `meals/<member>/<meal>.jpg`, and the other way round.
[[nodiscard]] std::string image_key_of(const uuid& member, const uuid& meal_id);
[[nodiscard]] std::optional<uuid> meal_of_image_key(std::string_view key);

}  // namespace nxg
