#include "services/exercises/exercise_import.hpp"

#include "models/words.hpp"
#include "schema/json.hpp"
#include "schema/types.hpp"
#include "services/import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace nxg::exercises {
namespace {

constexpr std::size_t most_rows = 20'000;

// One row as it is in the file. Words are read as text and understood afterwards, so that every one of a row's faults
// is reported at once.
struct source_row {
  schema::text<1, 100> id;
  schema::text<1, 100> name;
  schema::text<1, 40> category;
  schema::text<1, 40> level;
  std::optional<schema::text<0, 40>> force;
  std::optional<schema::text<0, 40>> mechanic;
  std::optional<schema::text<0, 40>> equipment;
  schema::list<schema::text<1, 40>, 1, 17> primary_muscles;
  std::optional<schema::list<schema::text<1, 40>, 0, 17>> secondary_muscles;
  std::optional<schema::list<schema::text<0, 2000>, 0, 50>> instructions;
  std::optional<schema::list<schema::text<1, 200>, 0, 20>> images;
};
BOOST_DESCRIBE_STRUCT(source_row, (),
                      (id, name, category, level, force, mechanic, equipment, primary_muscles, secondary_muscles,
                       instructions, images))

struct row_id {
  std::optional<std::string> id;
};
BOOST_DESCRIBE_STRUCT(row_id, (), (id))

using reasons = std::vector<std::string>;

template <class Enum>
Enum understood(std::string_view field, std::string_view word, reasons& wrong) {
  const auto value = enum_named<Enum>(word);
  if (!value) wrong.push_back(fmt::format("/{}: not_one_of: '{}' is not known", field, word));
  return value.value_or(Enum{});
}

template <class Enum, class Word>
std::optional<Enum> understood(std::string_view field, const std::optional<Word>& word, reasons& wrong) {
  if (!word || word->empty()) return std::nullopt;
  return understood<Enum>(field, word->value(), wrong);
}

template <class Words>
std::vector<muscle> muscles(std::string_view field, const Words& words, reasons& wrong) {
  std::vector<muscle> read;
  for (const auto& word : words) {
    const auto which = understood<muscle>(field, word.value(), wrong);
    if (std::ranges::find(read, which) == read.end()) read.push_back(which);
  }
  return read;
}

difficulty_level level(std::string_view word, reasons& wrong) {
  if (plain_words(word) == "expert") return difficulty_level::advanced;
  return understood<difficulty_level>("level", word, wrong);
}

std::optional<force_kind> force(const std::optional<schema::text<0, 40>>& word, reasons& wrong) {
  if (word && plain_words(*word) == "static") return force_kind::isometric;
  return understood<force_kind>("force", word, wrong);
}

template <class Texts>
std::vector<std::string> plain(const std::optional<Texts>& texts) {
  std::vector<std::string> read;
  if (texts) {
    for (const auto& text : *texts) {
      if (!text.empty()) read.push_back(text.value());
    }
  }
  return read;
}

exercise to_exercise(const source_row& row, reasons& wrong) {
  exercise one;
  one.external_id = row.id.value();
  one.id = exercise_id_of(one.external_id);
  one.name = row.name.value();
  one.category = understood<exercise_category>("category", row.category.value(), wrong);
  one.difficulty = level(row.level, wrong);
  one.force = force(row.force, wrong);
  one.mechanic = understood<mechanic_kind>("mechanic", row.mechanic, wrong);
  one.equipment = understood<equipment_kind>("equipment", row.equipment, wrong);
  one.primary_muscles = muscles("primaryMuscles", row.primary_muscles, wrong);
  if (row.secondary_muscles) one.secondary_muscles = muscles("secondaryMuscles", *row.secondary_muscles, wrong);
  one.muscle_groups = groups_of(one.category, one.primary_muscles);
  one.search_text = search_text_of(one);
  one.instructions = plain(row.instructions);
  one.images = plain(row.images);
  return one;
}

std::string id_in(std::string_view row) {
  const auto read = schema::try_from_json<row_id>(row, schema::unknown::ignored);
  return read ? read->id.value_or("") : "";
}

bool same_content(const exercise& a, const exercise& b) {
  return a.name == b.name && a.category == b.category && a.difficulty == b.difficulty && a.force == b.force &&
         a.mechanic == b.mechanic && a.equipment == b.equipment && a.primary_muscles == b.primary_muscles &&
         a.secondary_muscles == b.secondary_muscles && a.muscle_groups == b.muscle_groups &&
         a.search_text == b.search_text && a.instructions == b.instructions && a.images == b.images;
}

}  // namespace

parsed_exercises parse_exercises(std::string_view json) {
  const auto rows = rows_of_file(json, "exercises", most_rows);
  parsed_exercises result;
  result.rows = rows.size();
  std::set<std::string> seen;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& text = rows[i].value();
    reasons wrong;
    exercise one;
    if (const auto row = schema::try_from_json<source_row>(text, schema::unknown::ignored)) {
      one = to_exercise(*row, wrong);
      if (wrong.empty() && !seen.insert(one.external_id).second) wrong.emplace_back("/id: duplicate: given before");
    } else {
      for (const auto& problem : row.error())
        wrong.push_back(fmt::format("{}: {}: {}", problem.pointer, problem.code, problem.message));
    }
    if (wrong.empty()) {
      result.exercises.push_back(std::move(one));
    } else {
      result.refused.push_back({i, id_in(text), std::move(wrong)});
    }
  }
  return result;
}

task<import_report> import_exercises(std::string_view json, repositories::exercises& library, runtime::clock& time) {
  auto parsed = parse_exercises(json);
  import_report report{.rows = parsed.rows, .refused = std::move(parsed.refused)};
  co_return co_await bring_in<exercise>(std::move(parsed.exercises), std::move(report), library, time, same_content);
}

}  // namespace nxg::exercises
