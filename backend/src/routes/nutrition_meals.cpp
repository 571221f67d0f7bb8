#include "routes/nutrition_meals.hpp"

#include "http/form.hpp"
#include "http/route.hpp"
#include "middleware/arguments.hpp"
#include "models/role.hpp"
#include "routes/meal_views.hpp"
#include "services/api_error.hpp"
#include "utilities/time_zones.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

namespace nxg::routes {

namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr std::chrono::seconds picture_deadline{25};
/// 10 MiB of picture, and the rest of the form around it.
constexpr std::size_t picture_form_bytes = (10u << 20) + (256u << 10);

constexpr std::string_view type_words =
    "breakfast, morning_snack, lunch, evening_snack, dinner, snack, Snack 1, Snack 2";
using type_word = schema::text<1, 20>;

std::optional<nxg::meal_type> type_in(const std::optional<type_word>& word) {
  return word ? meal_type_named(word->value()) : std::nullopt;
}

void check_type(const std::optional<type_word>& word, schema::problems& wrong) {
  if (word && !type_in(word)) wrong.add_at("/mealType", "not_one_of", fmt::format("must be one of {}", type_words));
}

}  // namespace

struct picture_form {
  schema::file image;
  std::optional<type_word> meal_type;
  std::optional<schema::text<0, 500>> notes;
  static constexpr std::string_view schema_name = "MealPicture";
  static constexpr schema::note descriptions[] = {
      {"image", "JPEG, PNG or WebP by content, at most 10 MiB and 64 megapixels"},
      {"meal_type", "Absent: what is usual at this time of the day"}};
  static void check(const picture_form& read, schema::problems& wrong) { check_type(read.meal_type, wrong); }
};
BOOST_DESCRIBE_STRUCT(picture_form, (), (image, meal_type, notes))

struct item_body {
  std::optional<uuid> food_id;
  std::optional<schema::text<1, 100>> name;
  schema::bounded<double, 0.01, 10'000.0> quantity = 1.0;
  std::optional<schema::text<0, 40>> unit;
  std::optional<schema::bounded<double, 0.0, 20'000.0>> energy_kcal;
  std::optional<schema::bounded<double, 0.0, 5'000.0>> carbs_g;
  std::optional<schema::bounded<double, 0.0, 5'000.0>> protein_g;
  std::optional<schema::bounded<double, 0.0, 5'000.0>> fat_g;
  std::optional<schema::bounded<double, 0.0, 5'000.0>> fiber_g;
  static constexpr std::string_view schema_name = "EnteredMealItem";
  static constexpr std::string_view optional_fields[] = {"quantity"};
  static constexpr schema::note descriptions[] = {
      {"food_id", "Of the food database; `quantity` is then in grams and nothing else is needed"},
      {"name", "What it was, where it is not of the food database"},
      {"energy_kcal", "Of the whole quantity, as are the grams"}};

  static void check(const item_body& read, schema::problems& wrong) {
    const bool figures = read.energy_kcal || read.carbs_g || read.protein_g || read.fat_g || read.fiber_g;
    if (read.food_id && (read.name || figures)) {
      wrong.add("inconsistent", "must have either a foodId or a name with own figures");
    } else if (!read.food_id && !read.name) {
      wrong.add("inconsistent", "must have a foodId, or a name with energyKcal");
    } else if (read.name && !read.energy_kcal) {
      wrong.add_at("/energyKcal", schema::codes::required, "is required with a name", {"/foodId"});
    }
  }
};
BOOST_DESCRIBE_STRUCT(item_body, (), (food_id, name, quantity, unit, energy_kcal, carbs_g, protein_g, fat_g, fiber_g))

struct meal_body {
  schema::list<item_body, 1, 40> items;
  std::optional<type_word> meal_type;
  std::optional<schema::text<0, 500>> notes;
  std::optional<instant> eaten_at;
  static constexpr std::string_view schema_name = "NewMeal";
  static constexpr schema::note descriptions[] = {{"eaten_at", "Within the last 30 days; now when absent"}};
  static void check(const meal_body& read, schema::problems& wrong) { check_type(read.meal_type, wrong); }
};
BOOST_DESCRIBE_STRUCT(meal_body, (), (items, meal_type, notes, eaten_at))

struct repeat_body {
  uuid meal_id;
  std::optional<type_word> meal_type;
  std::optional<schema::text<0, 500>> notes;
  static constexpr std::string_view schema_name = "RepeatedMeal";
  static void check(const repeat_body& read, schema::problems& wrong) { check_type(read.meal_type, wrong); }
};
BOOST_DESCRIBE_STRUCT(repeat_body, (), (meal_id, meal_type, notes))

struct meal_correction_body {
  std::optional<uuid> meal_id;
  schema::text<10, 1000> correction;
  std::optional<schema::list<item_body, 1, 40>> items;
  std::optional<type_word> meal_type;
  static constexpr std::string_view schema_name = "MealCorrectionRequest";
  static constexpr schema::note descriptions[] = {
      {"meal_id", "Where the path does not say it"},
      {"correction", "In words, for the detection service; with `items` only a note"},
      {"items", "What it was, where the member knows: nobody else is asked"}};
  static void check(const meal_correction_body& read, schema::problems& wrong) { check_type(read.meal_type, wrong); }
};
BOOST_DESCRIBE_STRUCT(meal_correction_body, (), (meal_id, correction, items, meal_type))

struct meal_path {
  uuid meal_id;
};
BOOST_DESCRIBE_STRUCT(meal_path, (), (meal_id))

struct range_query {
  std::optional<schema::local_date> start_date;
  std::optional<schema::local_date> end_date;
  static void check(const range_query& read, schema::problems& wrong) {
    if (read.start_date && read.end_date && *read.start_date > *read.end_date) {
      wrong.add_at("/startDate", "too_large", "must not be after `endDate`", {"/endDate"});
    }
  }
};
BOOST_DESCRIBE_STRUCT(range_query, (), (start_date, end_date))

struct water_body {
  schema::bounded<std::int32_t, 1, 2000> ml;
  static constexpr std::string_view schema_name = "NewWater";
};
BOOST_DESCRIBE_STRUCT(water_body, (), (ml))

namespace {

std::vector<meals::entered_item> items_of(const auto& given) {
  std::vector<meals::entered_item> items;
  for (const item_body& one : given) {
    meals::entered_item item{.food_id = one.food_id, .quantity = one.quantity};
    if (one.name) item.name = one.name->value();
    if (one.unit) item.unit = one.unit->value();
    const auto figure = [](const auto& of) { return of ? of->value() : 0.0; };
    if (!one.food_id) {
      item.nutrition = intake{figure(one.energy_kcal), figure(one.carbs_g), figure(one.protein_g), figure(one.fat_g),
                              figure(one.fiber_g)};
    }
    items.push_back(std::move(item));
  }
  return items;
}

std::string text_of(const auto& text) { return text ? std::string{text->value()} : std::string{}; }

struct dates {
  schema::local_date from{};
  schema::local_date to{};
};
dates range_of(const range_query& asked, instant now, days usual) {
  // A day ahead of UTC somewhere is still today there.
  const sys_days tomorrow = std::chrono::floor<days>(now) + days{1};
  const auto to = asked.end_date.value_or(schema::local_date{tomorrow});
  return {asked.start_date.value_or(schema::local_date{utilities::days_before(to, usual)}), to};
}

std::string path_of(const uuid& id) { return "/api/nutrition/meals/" + id.to_string(); }

/// The handlers, apart from their declarations.
class nutrition {
 public:
  explicit nutrition(const nutrition_parts& with) : with_{with} {}

  task<http::created<meal_view>> upload(uuid member, picture_form form, http::new_ids ids,
                                        const http::request& incoming) const {
    meals::photographed_meal taken;
    taken.meal_type = type_in(form.meal_type);
    taken.notes = text_of(form.notes);
    taken.picture = std::move(form.image).content();
    const auto id = ids.next();
    const auto made = co_await with_.pictures.upload(member, std::move(taken), id, ids.at(), deadline_of(incoming));
    co_return http::created<meal_view>{view_of(made, with_.pictures), path_of(made.id)};
  }

  task<seen_meal_view> look(uuid member, picture_form form, const http::request& incoming) const {
    const auto type = type_in(form.meal_type);
    auto picture = std::move(form.image).content();
    const auto seen = co_await with_.pictures.look(member, std::move(picture), deadline_of(incoming));
    const auto now = with_.time.now();
    const auto place = co_await with_.diary.place_of(member, now);
    co_return view_of(seen, type.value_or(place.usual), now);
  }

  task<http::created<meal_view>> enter(uuid member, meal_body body, http::new_ids ids) const {
    meals::entered_meal entry;
    entry.meal_type = type_in(body.meal_type);
    entry.notes = text_of(body.notes);
    entry.eaten_at = body.eaten_at;
    entry.items = items_of(body.items);
    const auto id = ids.next();
    const auto made = co_await with_.diary.enter(member, std::move(entry), id, ids.at());
    co_return http::created<meal_view>{view_of(made, with_.pictures), path_of(made.id)};
  }

  task<http::created<meal_view>> repeat(uuid member, repeat_body body, http::new_ids ids) const {
    const auto type = type_in(body.meal_type);
    std::optional<std::string> notes;
    if (body.notes) notes = body.notes->value();
    const auto id = ids.next();
    const auto made = co_await with_.diary.repeat(member, body.meal_id, type, std::move(notes), id, ids.at());
    co_return http::created<meal_view>{view_of(made, with_.pictures), path_of(made.id)};
  }

  task<corrected_meal_view> correct(uuid member, uuid id, meal_correction_body body, instant at,
                                    const http::request& incoming) const {
    const auto type = type_in(body.meal_type);
    std::string words{body.correction.value()};
    meals::corrected_meal corrected;
    if (body.items) {
      auto items = items_of(*body.items);
      corrected = co_await with_.diary.put_right(member, id, std::move(words), std::move(items), type, at);
    } else {
      corrected = co_await with_.pictures.correct(member, id, std::move(words), type, at, deadline_of(incoming));
    }
    co_return view_of(corrected, with_.pictures);
  }

  task<http::page<meal_view>> history(uuid member, dates within, http::page_request page) const {
    const auto found = co_await with_.diary.history(member, within.from, within.to,
                                                    static_cast<std::size_t>(page.limit), std::move(page.after));
    http::page<meal_view> answer;
    for (const auto& one : found.items) answer.items.push_back(view_of(one, with_.pictures));
    answer.next = found.next;
    co_return answer;
  }

  task<http::created<water_view>> drink(uuid member, std::int32_t milliliters, http::new_ids ids) const {
    const auto id = ids.next();
    const auto drunk = co_await with_.diary.drink(member, milliliters, id, ids.at());
    const auto place = co_await with_.diary.place_of(member, ids.at());
    water_view made{.entry_id = drunk.entry.id, .milliliters = drunk.entry.milliliters};
    made.logged_at = drunk.entry.logged_at;
    made.local_date = drunk.entry.local_date;
    made.total_ml = drunk.total_ml;
    made.target_ml = meals::water_target_ml(place.member);
    co_return http::created<water_view>{std::move(made), "/api/nutrition/water"};
  }

  task<http::page<nutrition_day_view>> days_of(uuid member, dates within, http::page_request page) const {
    const auto found = co_await with_.balance.days(member, within.from, within.to, static_cast<std::size_t>(page.limit),
                                                   std::move(page.after));
    http::page<nutrition_day_view> answer;
    for (const auto& one : found.items) answer.items.push_back(view_of(one));
    answer.next = found.next;
    co_return answer;
  }

  [[nodiscard]] const nutrition_parts& with() const noexcept { return with_; }

 private:
  [[nodiscard]] steady_instant deadline_of(const http::request& incoming) const {
    return incoming.deadline.value_or(with_.time.steady() + picture_deadline);
  }
  nutrition_parts with_;
};

http::route& for_members(http::route& route) {
  return route.tag("Nutrition").allow(role::member, role::trainer, role::staff, role::admin);
}

void declare_pictures(http::router& routes, const nutrition& of) {
  for_members(routes.post("/api/nutrition/upload-meal"))
      .summary("Log a meal by its picture")
      .description(
          "The picture is made small, stripped of everything but pixels, and kept for the member alone. Where the "
          "detection service cannot be reached the meal is there all the same, with `detection: pending`, is looked at "
          "as soon as possible, and `nutrition:meal-analyzed` tells. Needs consent of type health_data.")
      .operation_id("uploadMeal")
      .errors(error_code::consent_required, error_code::meal_picture_unusable, error_code::diary_full,
              error_code::meal_not_found)
      .body_limit(picture_form_bytes)
      .deadline(picture_deadline)
      .idempotent()
      .limit("pictures")
      .handle([of](caller who, http::form<picture_form> form, http::new_ids ids, http::request& incoming) {
        return of.upload(who.id, std::move(form.value), ids, incoming);
      });

  for_members(routes.post("/api/integrations/meal-detection"))
      .summary("What is on a picture, without logging it")
      .operation_id("detectMeal")
      .errors(error_code::consent_required, error_code::meal_picture_unusable, error_code::meal_detection_unavailable)
      .body_limit(picture_form_bytes)
      .deadline(picture_deadline)
      .limit("pictures")
      .handle([of](caller who, http::form<picture_form> form, http::request& incoming) {
        return of.look(who.id, std::move(form.value), incoming);
      });
}

void declare_corrections(http::router& routes, const nutrition& of) {
  const auto text =
      "With `items` the member says what it was, and that stands. In words alone the detection service works out what "
      "the meal was then, and the result waits for confirmation.";
  for_members(routes.post("/api/nutrition/correct-meal"))
      .summary("Put a meal right")
      .description(text)
      .operation_id("correctMeal")
      .errors(error_code::meal_not_found, error_code::meal_not_analyzed, error_code::consent_required,
              error_code::meal_detection_unavailable)
      .deadline(picture_deadline)
      .idempotent()
      .limit("pictures")
      .handle([of](caller who, http::body<meal_correction_body> body, http::new_ids ids, http::request& incoming) {
        if (!body->meal_id) throw invalid_field("/mealId", "required", "is required");
        const auto id = *body->meal_id;
        return of.correct(who.id, id, std::move(body.value), ids.at(), incoming);
      });
  for_members(routes.post("/api/nutrition/correct-meal/{mealId}"))
      .summary("Put this meal right")
      .description(text)
      .operation_id("correctMealById")
      .errors(error_code::meal_not_found, error_code::meal_not_analyzed, error_code::consent_required,
              error_code::meal_detection_unavailable)
      .deadline(picture_deadline)
      .idempotent()
      .limit("pictures")
      .handle([of](caller who, http::path<meal_path> which, http::body<meal_correction_body> body, http::new_ids ids,
                   http::request& incoming) {
        if (body->meal_id && *body->meal_id != which->meal_id) {
          throw invalid_field("/mealId", "inconsistent", "must be the meal of the path");
        }
        return of.correct(who.id, which->meal_id, std::move(body.value), ids.at(), incoming);
      });
}

void declare_meals(http::router& routes, const nutrition& of) {
  for_members(routes.post("/api/nutrition/meals"))
      .summary("Enter a meal")
      .description("Foods of the database by grams, or anything with its own figures.")
      .operation_id("enterMeal")
      .errors(error_code::diary_full)
      .idempotent()
      .handle([of](caller who, http::body<meal_body> body, http::new_ids ids) {
        return of.enter(who.id, std::move(body.value), ids);
      });
  for_members(routes.post("/api/nutrition/log-previous-meal"))
      .summary("Log an earlier meal once more")
      .operation_id("logPreviousMeal")
      .errors(error_code::meal_not_found, error_code::meal_not_analyzed, error_code::diary_full)
      .idempotent()
      .handle([of](caller who, http::body<repeat_body> body, http::new_ids ids) {
        return of.repeat(who.id, std::move(body.value), ids);
      });
  for_members(routes.get("/api/nutrition/meal-history"))
      .summary("The caller's meals, newest first")
      .description("Without `startDate` the last 90 days.")
      .operation_id("listMeals")
      .handle([of](caller who, http::query<range_query> asked, http::page_request page) {
        const auto within = range_of(*asked, of.with().time.now(), days{90});
        return of.history(who.id, within, std::move(page));
      });
  for_members(routes.get("/api/nutrition/meals/{mealId}"))
      .summary("One of the caller's meals, with what was corrected")
      .operation_id("getMeal")
      .errors(error_code::meal_not_found)
      .handle([of](caller who, http::path<meal_path> which) -> task<meal_details_view> {
        const auto found = co_await of.with().diary.get(who.id, which->meal_id);
        co_return details_of(found, of.with().pictures);
      });
  for_members(routes.put("/api/nutrition/meals/{mealId}/confirm"))
      .summary("Confirm a meal as it stands")
      .operation_id("confirmMeal")
      .errors(error_code::meal_not_found, error_code::meal_not_analyzed)
      .handle([of](caller who, http::path<meal_path> which) -> task<meal_view> {
        const auto changed = co_await of.with().diary.confirm(who.id, which->meal_id);
        co_return view_of(changed, of.with().pictures);
      });
  for_members(routes.del("/api/nutrition/meals/{mealId}"))
      .summary("Remove a meal and its picture")
      .operation_id("deleteMeal")
      .errors(error_code::meal_not_found)
      .handle([of](caller who, http::path<meal_path> which) -> task<void> {
        return of.with().diary.remove(who.id, which->meal_id);
      });
}

void declare_days(http::router& routes, const nutrition& of) {
  for_members(routes.get("/api/nutrition/today"))
      .summary("What the day comes to: targets, consumed, remaining, meals")
      .description(
          "The day is that of the member's time zone. Meals whose figures are not confirmed are counted and told apart "
          "by `consumed.unconfirmedMeals`.")
      .operation_id("getNutritionToday")
      .handle([of](caller who) -> task<today_view> {
        const auto day = co_await of.with().balance.today(who.id);
        co_return view_of(day, of.with().pictures);
      });
  for_members(routes.post("/api/nutrition/water"))
      .summary("Note what was drunk")
      .operation_id("logWater")
      .errors(error_code::diary_full)
      .idempotent()
      .handle(
          [of](caller who, http::body<water_body> body, http::new_ids ids) { return of.drink(who.id, body->ml, ids); });
  for_members(routes.get("/api/nutrition/water"))
      .summary("Water and food by day, newest first")
      .description("Days with nothing in the diary are left out. Without `startDate` the last 7 days.")
      .operation_id("listNutritionDays")
      .handle([of](caller who, http::query<range_query> asked, http::page_request page) {
        const auto within = range_of(*asked, of.with().time.now(), days{7});
        return of.days_of(who.id, within, std::move(page));
      });
}

}  // namespace

void declare_nutrition_meals(http::router& routes, const nutrition_parts& with) {
  const nutrition of{with};
  declare_pictures(routes, of);
  declare_meals(routes, of);
  declare_corrections(routes, of);
  declare_days(routes, of);
}

}  // namespace nxg::routes
