#include "models/meal.hpp"

namespace nxg {

namespace {
constexpr std::string_view ending = ".jpg";
}  // namespace

bool meal::counts() const noexcept {
  const bool known = detection == detection_state::none || detection == detection_state::done;
  return known && !content->items.empty() && (is_verified || doubts.empty());
}

std::string image_key_of(const uuid& member, const uuid& meal_id) {
  return std::string{meal_picture_prefix} + member.to_string() + "/" + meal_id.to_string() + std::string{ending};
}

std::optional<uuid> meal_of_image_key(std::string_view key) {
  if (key.size() != meal_picture_prefix.size() + uuid::text_size + 1 + uuid::text_size + ending.size() ||
      !key.starts_with(meal_picture_prefix) || !key.ends_with(ending)) {
    return std::nullopt;
  }
  return uuid::parse(key.substr(meal_picture_prefix.size() + uuid::text_size + 1, uuid::text_size));
}

store::declaration<meal> declare(store::tag<meal>) {
  using namespace store;
  return {.name = "meals",
          .schema = 1,
          .shard = sharded_by<&meal::member_id>(),
          .owner = owned_by<&meal::member_id>(),
          .exported = exported_without<&meal::picture_hash, &meal::picture_looks>(),
          .erased = deleted(),
          .kept = kept_for_good("a member's food diary"),
          .indexes = {index_of<meal>("by_day")
                          .on<&meal::member_id>()
                          .on_descending<&meal::local_date>()
                          .on_descending<&meal::logged_at>(),
                      index_of<meal>("pictures")
                          .on<&meal::member_id>()
                          .on_descending<&meal::logged_at>()
                          .where(exists<&meal::picture_looks>()),
                      index_of<meal>("waiting").on<&meal::next_detection_at>().where(
                          eq<&meal::detection>(detection_state::pending))},
          .events = carries<meal_changed, meal_analyzed, meal_picture_left>()};
}

store::event_declaration<meal_changed> declare(store::tag<meal_changed>) {
  return {.name = "meal_changed", .schema = 1};
}
store::event_declaration<meal_analyzed> declare(store::tag<meal_analyzed>) {
  return {.name = "meal_analyzed", .schema = 1};
}
store::event_declaration<meal_picture_left> declare(store::tag<meal_picture_left>) {
  return {.name = "meal_picture_left", .schema = 1};
}

}  // namespace nxg
