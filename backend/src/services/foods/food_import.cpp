#include "services/foods/food_import.hpp"

#include "schema/json.hpp"
#include "schema/types.hpp"
#include "services/foods/usda_words.hpp"
#include "services/import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

namespace nxg::foods {
namespace {

constexpr std::size_t most_rows = 50'000;
constexpr std::size_t columns = 53;
constexpr std::size_t longest_name = 200;

// Where a column stands (the documentation of SR28, "Abbreviated file").
namespace column {
constexpr std::size_t number = 0;
constexpr std::size_t description = 1;
constexpr std::size_t water = 2;
constexpr std::size_t energy = 3;
constexpr std::size_t protein = 4;
constexpr std::size_t fat = 5;
constexpr std::size_t carbs = 7;
constexpr std::size_t fiber = 8;
constexpr std::size_t sugar = 9;
constexpr std::size_t calcium = 10;
constexpr std::size_t iron = 11;
constexpr std::size_t magnesium = 12;
constexpr std::size_t potassium = 14;
constexpr std::size_t sodium = 15;
constexpr std::size_t zinc = 16;
constexpr std::size_t vitamin_c = 20;
constexpr std::size_t vitamin_b12 = 31;
constexpr std::size_t vitamin_d = 41;
constexpr std::size_t saturated_fat = 44;
constexpr std::size_t monounsaturated_fat = 45;
constexpr std::size_t polyunsaturated_fat = 46;
constexpr std::size_t cholesterol = 47;
constexpr std::size_t first_weight = 48;
constexpr std::size_t second_weight = 50;
}  // namespace column

using reasons = std::vector<std::string>;

// One row; every one of its faults is noted.
class source_row {
 public:
  source_row(std::vector<schema::any_json> cells, reasons& wrong) : cells_{std::move(cells)}, wrong_{wrong} {}

  std::string text(std::size_t at) const {
    const auto read = schema::try_from_json<std::string>(cells_[at].value());
    if (!read) wrong_.push_back(fmt::format("/{}: wrong_type: must be text", at));
    return read.value_or(std::string{});
  }
  std::optional<double> number(std::size_t at) const {
    const auto& cell = cells_[at].value();
    if (cell == "\"\"" || cell == "null") return std::nullopt;
    const auto read = schema::try_from_json<double>(cell);
    if (read && std::isfinite(*read) && *read >= 0) return *read;
    wrong_.push_back(fmt::format("/{}: bad_format: must be a number from 0 on, or \"\"", at));
    return std::nullopt;
  }
  double required(std::size_t at, std::string_view what) const {
    const auto before = wrong_.size();
    const auto read = number(at);
    if (!read && wrong_.size() == before)
      wrong_.push_back(fmt::format("/{}: required: {} was not determined", at, what));
    return read.value_or(0);
  }

 private:
  std::vector<schema::any_json> cells_;
  reasons& wrong_;
};

bool is_ndb_number(std::string_view text) {
  return text.size() == 5 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

nutrients nutrients_of(const source_row& row) {
  nutrients n;
  n.energy_kcal = row.required(column::energy, "the energy");
  n.protein_g = row.required(column::protein, "the protein");
  n.fat_g = row.required(column::fat, "the fat");
  n.carbs_g = row.required(column::carbs, "the carbohydrate");
  n.fiber_g = row.number(column::fiber);
  n.sugar_g = row.number(column::sugar);
  n.saturated_fat_g = row.number(column::saturated_fat);
  n.monounsaturated_fat_g = row.number(column::monounsaturated_fat);
  n.polyunsaturated_fat_g = row.number(column::polyunsaturated_fat);
  n.water_g = row.number(column::water);
  n.cholesterol_mg = row.number(column::cholesterol);
  n.sodium_mg = row.number(column::sodium);
  n.potassium_mg = row.number(column::potassium);
  n.calcium_mg = row.number(column::calcium);
  n.iron_mg = row.number(column::iron);
  n.magnesium_mg = row.number(column::magnesium);
  n.zinc_mg = row.number(column::zinc);
  n.vitamin_c_mg = row.number(column::vitamin_c);
  n.vitamin_d_micrograms = row.number(column::vitamin_d);
  n.vitamin_b12_micrograms = row.number(column::vitamin_b12);
  return n;
}

void require_possible(const nutrients& n, reasons& wrong) {
  if (n.protein_g + n.fat_g + n.carbs_g > 102)
    wrong.emplace_back("impossible: more than 102 g of macronutrients in 100 g");
  if (n.energy_kcal > 905) wrong.emplace_back("impossible: more than 905 kcal in 100 g");
  if (n.fiber_g && *n.fiber_g > n.carbs_g + 2) wrong.emplace_back("impossible: more fibre than carbohydrates");
}

// Within 20 kcal or a fifth of Atwater's 4, 4 and 9 kcal/g, fibre counted whole or with half its energy.
bool energy_fits(const nutrients& n) {
  const double plain = 4 * n.protein_g + 4 * n.carbs_g + 9 * n.fat_g;
  const double less_fiber = plain - 2 * n.fiber_g.value_or(0);
  const double tolerance = std::max(20.0, 0.2 * std::max(n.energy_kcal, plain));
  return std::abs(n.energy_kcal - plain) <= tolerance || std::abs(n.energy_kcal - less_fiber) <= tolerance;
}

std::vector<food_portion> portions_of(const source_row& row) {
  std::vector<food_portion> portions;
  for (const auto at : {column::first_weight, column::second_weight}) {
    const auto grams = row.number(at);
    auto name = readable_measure(row.text(at + 1));
    if (grams && *grams > 0 && !name.empty()) portions.push_back({std::move(name), *grams});
  }
  if (portions.size() == 2 && portions[0].name == portions[1].name) portions.pop_back();
  return portions;
}

food to_food(const source_row& row, reasons& wrong) {
  food one;
  const auto number = row.text(column::number);
  if (!is_ndb_number(number)) wrong.emplace_back("/0: bad_format: must be a number of five digits");
  one.external_id = "usda-sr28-" + number;
  one.id = food_id_of(one.external_id);
  one.source_name = row.text(column::description);
  one.name = readable_name(one.source_name);
  if (one.name.empty() || one.name.size() > longest_name)
    wrong.push_back(fmt::format("/1: bad_length: must be 1 to {} bytes", longest_name));
  one.per_100g = nutrients_of(row);
  if (wrong.empty()) require_possible(one.per_100g, wrong);
  one.energy_fits = energy_fits(one.per_100g);
  one.portions = portions_of(row);
  if (!wrong.empty()) return one;
  if (const auto group = group_of(number, one.name)) {
    one.group = *group;
  } else {
    wrong.emplace_back("/0: not_one_of: neither number nor name tell the food group");
  }
  one.rank = rank_of(one.group, one.name);
  auto in_it = content_of(one.group, one.name);
  one.allergens = std::move(in_it.allergens);
  one.allergens_complete = in_it.complete;
  return one;
}

bool same_content(const food& a, const food& b) {
  return a.name == b.name && a.source_name == b.source_name && a.group == b.group && a.per_100g == b.per_100g &&
         a.portions == b.portions && a.allergens == b.allergens && a.allergens_complete == b.allergens_complete &&
         a.energy_fits == b.energy_fits && a.rank == b.rank;
}

std::string number_in(const std::vector<schema::any_json>& cells) {
  if (cells.empty()) return {};
  return schema::try_from_json<std::string>(cells.front().value()).value_or(std::string{});
}

}  // namespace

parsed_foods parse_foods(std::string_view json) {
  const auto rows = rows_of_file(json, "foods", most_rows);
  parsed_foods result;
  result.rows = rows.size();
  std::set<std::string> seen;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    reasons wrong;
    food one;
    std::string number;
    auto cells = schema::try_from_json<std::vector<schema::any_json>>(rows[i].value());
    if (cells) number = number_in(*cells);
    if (cells && cells->size() == columns) {
      one = to_food(source_row{std::move(*cells), wrong}, wrong);
      if (wrong.empty() && !seen.insert(one.external_id).second) wrong.emplace_back("/0: duplicate: given before");
    } else {
      wrong.push_back(fmt::format("wrong_type: must be an array of {} values", columns));
    }
    if (wrong.empty()) {
      result.foods.push_back(std::move(one));
    } else {
      result.refused.push_back({i, std::move(number), std::move(wrong)});
    }
  }
  return result;
}

task<import_report> import_foods(std::string_view json, repositories::foods& database, runtime::clock& time) {
  auto parsed = parse_foods(json);
  import_report report{.rows = parsed.rows, .refused = std::move(parsed.refused)};
  co_return co_await bring_in<food>(std::move(parsed.foods), std::move(report), database, time, same_content);
}

}  // namespace nxg::foods
