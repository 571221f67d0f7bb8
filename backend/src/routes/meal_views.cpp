#include "routes/meal_views.hpp"

#include "services/meals/judgement.hpp"

#include <utility>

namespace nxg::routes {
namespace {

void fill(meal_view& made, const meal& one, const meals::photographs& pictures) {
  const auto& content = one.content.value();
  made.meal_id = one.id;
  made.source = one.source;
  made.meal_type = one.meal_type;
  made.logged_at = one.logged_at;
  made.time_zone = one.time_zone;
  made.local_date = one.local_date;
  made.items = content.items;
  made.total_nutrition = content.totals;
  made.detection = one.detection;
  made.detected_by = one.detected_by;
  made.detection_trouble = one.detection_trouble;
  made.better_answer_at = one.next_detection_at;
  made.confidence = one.confidence;
  made.is_verified = one.is_verified;
  made.can_reuse = !content.items.empty();
  made.can_correct = true;
  made.needs_confirmation = !content.items.empty() && !one.counts();
  made.doubts = one.doubts;
  made.image_url = pictures.url_of(one);
  if (!content.notes.empty()) made.notes = content.notes;
  made.source_meal_id = one.source_meal_id;
  made.correction_count = one.correction_count;
}

}  // namespace

meal_view view_of(const meal& one, const meals::photographs& pictures) {
  meal_view made;
  fill(made, one, pictures);
  return made;
}

meal_details_view details_of(const meal& one, const meals::photographs& pictures) {
  meal_details_view made;
  fill(made, one, pictures);
  for (const auto& was : one.content->corrections) {
    made.corrections.push_back({was.correction, was.corrected_at, was.previous_items, was.previous_totals});
  }
  return made;
}

seen_meal_view view_of(const meals::seen_meal& seen, nxg::meal_type type, instant at) {
  return {.detected_foods = seen.what.items,
          .total_nutrition = meals::totals_of(seen.what.items),
          .meal_type = type,
          .source = seen.from,
          .confidence = seen.what.confidence,
          .needs_confirmation = !seen.doubts.empty(),
          .doubts = seen.doubts,
          .detected_at = at};
}

corrected_meal_view view_of(const meals::corrected_meal& corrected, const meals::photographs& pictures) {
  const auto difference = rounded(corrected.now.content->totals - corrected.before);
  return {view_of(corrected.now, pictures), corrected.before, {difference.energy_kcal, difference}};
}

today_view view_of(const meals::balance::full_day& day, const meals::photographs& pictures) {
  const auto& sums = day.sums;
  today_view made{
      .date = sums.date,
      .time_zone = sums.time_zone,
      .targets = sums.targets,
      .consumed = {sums.so_far.meals, sums.so_far.unconfirmed_meals, sums.so_far.consumed, sums.so_far.water_ml},
      .remaining = sums.remaining,
      .meals = {}};
  for (const auto& one : day.meals) made.meals.push_back(view_of(one, pictures));
  return made;
}

nutrition_day_view view_of(const nutrition_day& row) {
  const auto& sum = row.intake.value();
  return {row.local_date, sum.water_ml, sum.meals, sum.consumed};
}

}  // namespace nxg::routes
