#include "services/meals/diary.hpp"

#include "services/meals/errors.hpp"
#include "services/meals/judgement.hpp"
#include "store/wrote_first.hpp"
#include "utilities/time_zones.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nxg::meals {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_ago = std::chrono::days{30};
// Clocks of telephones are not exact.
constexpr auto clock_slack = 5min;

void require_recent(const std::optional<instant>& when, instant now) {
  if (when && (*when > now + clock_slack || *when < now - longest_ago)) {
    throw invalid_field("/eatenAt", "out_of_range", "must be within the last 30 days");
  }
}

meal_item own_item(const entered_item& entered) {
  meal_item item{.name = entered.name, .quantity = entered.quantity, .unit = entered.unit};
  item.nutrition = rounded(entered.nutrition.value_or(intake{}));
  return item;
}

meal_item food_item(const entered_item& entered, const known_food& food) {
  meal_item item{.name = food.name, .quantity = entered.quantity, .unit = "g"};
  item.food_id = entered.food_id;
  item.nutrition = rounded(food.per_100g * (entered.quantity / 100));
  return item;
}

}  // namespace

store::events change_of(const meal& what) {
  return store::emit(meal_changed{what.id, what.member_id, what.local_date});
}

void replace_items(meal& of, std::vector<meal_item> items, std::string why, instant now) {
  auto content = of.content.value();
  content.corrections.push_back({.correction = std::move(why),
                                 .corrected_at = now,
                                 .previous_items = std::move(content.items),
                                 .previous_totals = content.totals});
  if (content.corrections.size() > corrections_kept) content.corrections.erase(content.corrections.begin());
  content.totals = totals_of(items);
  content.items = std::move(items);
  of.content = std::move(content);
  ++of.correction_count;
  of.updated_at = now;
}

std::optional<intake> before_correction(const meal& of, std::string_view why, instant at) {
  for (const auto& one : of.content->corrections) {
    if (one.corrected_at == at && one.correction == why) return one.previous_totals;
  }
  return std::nullopt;
}

task<diary::here_and_now> diary::place_of(uuid member, instant at) {
  auto who = co_await members_(member);
  if (!who) throw not_found("member");
  here_and_now place{.member = std::move(*who)};
  place.time_zone = place.member.time_zone.value();
  place.date = utilities::local_date_at(at, place.time_zone);
  place.usual = usual_meal_at(utilities::local_time_of_day(at, place.time_zone));
  co_return place;
}

task<void> diary::require_room(uuid member, schema::local_date date) {
  const auto there = co_await kept_.count_of_day(member, date);
  if (there >= most_meals_of_day) throw diary_full();
}

task<std::vector<meal_item>> diary::items_of(std::vector<entered_item> entered) {
  std::vector<meal_item> items;
  std::vector<field_error> wrong;
  for (std::size_t i = 0; i < entered.size(); ++i) {
    const auto& one = entered[i];
    if (!one.food_id) {
      items.push_back(own_item(one));
      continue;
    }
    const auto food = co_await foods_(*one.food_id);
    if (food) {
      items.push_back(food_item(one, *food));
    } else {
      wrong.push_back({fmt::format("/items/{}/foodId", i), "unknown", "is no food of the database"});
    }
  }
  if (!wrong.empty()) throw invalid_fields(std::move(wrong));
  co_return items;
}

task<meal> diary::write(meal made) {
  auto copy = made;
  auto with = change_of(made);
  const bool written = co_await kept_.insert(std::move(copy), std::move(with));
  if (written) {
    made.version = 1;
    co_return made;
  }
  auto earlier = co_await kept_.find(made.member_id, made.id);
  if (!earlier) throw meal_not_found();
  co_return std::move(*earlier);
}

task<meal> diary::enter(uuid member, entered_meal entry, uuid id, instant at) {
  require_recent(entry.eaten_at, at);
  const auto when = entry.eaten_at.value_or(at);
  const auto place = co_await place_of(member, when);
  auto items = co_await items_of(std::move(entry.items));
  const auto known = co_await kept_.find(member, id);
  if (known) co_return *known;
  co_await require_room(member, place.date);
  meal made{.id = id, .member_id = member, .source = entry.source};
  made.meal_type = entry.meal_type.value_or(place.usual);
  made.logged_at = when;
  made.time_zone = place.time_zone;
  made.local_date = place.date;
  made.doubts = doubts_about(items);
  made.is_verified = made.doubts.empty();
  meal_content content{.notes = std::move(entry.notes)};
  content.totals = totals_of(items);
  content.items = std::move(items);
  made.content = std::move(content);
  made.created_at = made.updated_at = at;
  co_return co_await write(std::move(made));
}

task<meal> diary::repeat(uuid member, uuid source, std::optional<nxg::meal_type> type, std::optional<std::string> notes,
                         uuid id, instant at) {
  const auto from = co_await get(member, source);
  if (from.content->items.empty()) throw meal_not_analyzed();
  const auto place = co_await place_of(member, at);
  const auto known = co_await kept_.find(member, id);
  if (known) co_return *known;
  co_await require_room(member, place.date);
  meal made{.id = id, .member_id = member, .source = meal_source::history};
  made.meal_type = type.value_or(place.usual);
  made.logged_at = at;
  made.time_zone = place.time_zone;
  made.local_date = place.date;
  made.confidence = from.confidence;
  made.is_verified = from.is_verified;
  made.doubts = from.doubts;
  made.source_meal_id = source;
  made.content = meal_content{
      .items = from.content->items, .totals = from.content->totals, .notes = notes.value_or(from.content->notes)};
  made.created_at = made.updated_at = at;
  co_return co_await write(std::move(made));
}

task<meal> diary::get(uuid member, uuid id) {
  auto found = co_await kept_.find(member, id);
  if (!found) throw meal_not_found();
  co_return std::move(*found);
}

task<meal> diary::confirm(uuid member, uuid id) {
  const repositories::meals::change make = [now = time_.now()](meal& one) -> std::optional<store::events> {
    if (one.content->items.empty()) throw meal_not_analyzed();
    if (one.is_verified) return std::nullopt;
    one.is_verified = true;
    one.updated_at = now;
    return change_of(one);
  };
  auto changed = co_await kept_.update(member, id, make);
  if (!changed) throw meal_not_found();
  co_return std::move(*changed);
}

task<corrected_meal> diary::put_right(uuid member, uuid id, std::string correction, std::vector<entered_item> entered,
                                      std::optional<nxg::meal_type> type, instant at) {
  const auto items = co_await items_of(std::move(entered));
  intake before;
  const repositories::meals::change make = [&](meal& one) -> std::optional<store::events> {
    if (const auto made = before_correction(one, correction, at)) {
      before = *made;
      return std::nullopt;
    }
    before = one.content->totals;
    replace_items(one, items, correction, at);
    one.meal_type = type.value_or(one.meal_type);
    one.doubts = doubts_about(items);
    // Whoever enters odd figures twice means them.
    one.is_verified = true;
    one.confidence.reset();
    auto with = change_of(one);
    if (one.detection == detection_state::pending || one.detection == detection_state::failed) {
      one.detection = detection_state::done;
      one.next_detection_at.reset();
      one.detection_trouble.reset();
    }
    return with;
  };
  auto changed = co_await kept_.update(member, id, make);
  if (!changed) throw meal_not_found();
  co_return corrected_meal{std::move(*changed), before};
}

task<void> diary::remove(uuid member, uuid id) {
  constexpr int most_rounds = 8;
  for (int round = 0; round < most_rounds; ++round) {
    const auto found = co_await kept_.find(member, id);
    if (!found) throw meal_not_found();
    auto with = change_of(*found);
    if (found->image_key) with.append(store::emit(meal_picture_left{*found->image_key}));
    const bool gone = co_await store::wrote_first(kept_.remove(*found, std::move(with)));
    if (gone) co_return;
  }
  throw busy();
}

task<diary::drunk> diary::drink(uuid member, std::int64_t milliliters, uuid id, instant at) {
  const auto place = co_await place_of(member, at);
  water_entry made{.id = id, .member_id = member, .milliliters = milliliters, .logged_at = at};
  made.time_zone = place.time_zone;
  made.local_date = place.date;
  auto day = co_await kept_.water_of_day(member, place.date);
  const auto known = [&](const water_entry& one) { return one.id == id; };
  if (std::ranges::none_of(day, known)) {
    if (day.size() >= most_drinks_of_day) throw diary_full();
    auto copy = made;
    auto with = store::emit(water_logged{id, member, place.date});
    co_await kept_.insert(std::move(copy), std::move(with));
    day.push_back(made);
  }
  drunk answer{.entry = made};
  for (const auto& one : day) answer.total_ml += one.milliliters;
  co_return answer;
}

}  // namespace nxg::meals
