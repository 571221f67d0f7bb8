#include "routes/exercise_library.hpp"

#include "http/route.hpp"
#include "models/words.hpp"
#include "services/api_error.hpp"
#include "services/exercises/search.hpp"
#include "store/errors.hpp"

#include <boost/describe/class.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace nxg::routes {
namespace {

/// A stranger sees what there is, not how it is done, and less of it at a time.
constexpr int page_for_strangers = 20;

struct library_query {
  std::optional<schema::text<2, 100>> q;
  std::optional<schema::text<1, 40>> muscle_group;
  std::optional<schema::text<1, 40>> equipment;
  std::optional<difficulty_level> difficulty;
  std::optional<exercise_category> category;

  static constexpr schema::note descriptions[] = {
      {"q", "Words, or beginnings of words, of the name, the muscles, the equipment or the category; all of them"},
      {"muscle_group", "chest, back, legs, shoulders, arms, core, cardio, or a usual word for one of them"}};
};
BOOST_DESCRIBE_STRUCT(library_query, (), (q, muscle_group, equipment, difficulty, category))

struct library_entry {
  uuid id;
  std::string external_id;
  std::string name;
  exercise_category category = exercise_category::strength;
  difficulty_level difficulty = difficulty_level::beginner;
  std::optional<equipment_kind> equipment;
  std::vector<nxg::muscle_group> muscle_groups;
  /// What follows is for those who are logged in.
  std::optional<force_kind> force;
  std::optional<mechanic_kind> mechanic;
  std::optional<std::vector<muscle>> primary_muscles;
  std::optional<std::vector<muscle>> secondary_muscles;
  std::optional<std::vector<std::string>> instructions;
};
BOOST_DESCRIBE_STRUCT(library_entry, (),
                      (id, external_id, name, category, difficulty, equipment, muscle_groups, force, mechanic,
                       primary_muscles, secondary_muscles, instructions))

library_entry entry_of(const exercise& source, bool whole) {
  library_entry entry;
  entry.id = source.id;
  entry.external_id = source.external_id;
  entry.name = source.name;
  entry.category = source.category;
  entry.difficulty = source.difficulty;
  entry.equipment = source.equipment;
  entry.muscle_groups = source.muscle_groups;
  if (!whole) return entry;
  entry.force = source.force;
  entry.mechanic = source.mechanic;
  entry.primary_muscles = source.primary_muscles;
  entry.secondary_muscles = source.secondary_muscles;
  entry.instructions = source.instructions;
  return entry;
}

struct library_filter {
  std::optional<nxg::muscle_group> group;
  std::optional<equipment_kind> equipment;
  std::optional<difficulty_level> difficulty;
  std::optional<exercise_category> category;

  [[nodiscard]] bool admits(const exercise& one) const {
    return (!group || std::ranges::find(one.muscle_groups, *group) != one.muscle_groups.end()) &&
           (!equipment || one.equipment == *equipment) && (!difficulty || one.difficulty == *difficulty) &&
           (!category || one.category == *category);
  }
};

library_filter filter_of(const library_query& asked) {
  library_filter filter{.group = {}, .equipment = {}, .difficulty = asked.difficulty, .category = asked.category};
  std::vector<field_error> wrong;
  if (asked.muscle_group) {
    filter.group = muscle_group_named(*asked.muscle_group);
    if (!filter.group)
      wrong.push_back({"/query/muscleGroup", "not_one_of",
                       "must be a muscle group such as chest, back, legs, shoulders, arms, core, cardio"});
  }
  if (asked.equipment) {
    filter.equipment = enum_named<equipment_kind>(*asked.equipment);
    if (!filter.equipment)
      wrong.push_back({"/query/equipment", "not_one_of",
                       "must be a kind of equipment such as barbell, dumbbell, cable, machine, body only"});
  }
  if (!wrong.empty()) throw invalid_fields(std::move(wrong));
  return filter;
}

/// Where an exercise stands in a list: how well it answers the search (all alike without one), its name, its id.
using place = std::tuple<exercises::closeness, std::string_view, uuid>;

place place_of(const exercises::hit& one) { return {one.how, one.what->name, one.what->id}; }

/// `closeness name`, a line feed, the id.
std::string text_of(const exercises::hit& one) {
  return std::to_string(static_cast<int>(one.how)) + ' ' + one.what->name + '\n' + one.what->id.to_string();
}

std::optional<place> parse_place(std::string_view text) {
  const auto line = text.rfind('\n');
  if (line == std::string_view::npos || line < 2 || text[1] != ' ' || text[0] < '0' || text[0] > '3')
    return std::nullopt;
  const auto id = uuid::parse(text.substr(line + 1));
  if (!id) return std::nullopt;
  return place{static_cast<exercises::closeness>(text[0] - '0'), text.substr(2, line - 2), *id};
}

http::page<library_entry> page_of(const std::vector<exercises::hit>& hits, const library_filter& filter,
                                  const http::page_request& asked, bool whole) {
  const auto limit = static_cast<std::size_t>(whole ? asked.limit : std::min(asked.limit, page_for_strangers));
  auto from = hits.begin();
  if (asked.after) {
    if (const auto after = parse_place(*asked.after)) from = std::ranges::upper_bound(hits, *after, {}, place_of);
  }
  http::page<library_entry> page;
  const exercises::hit* last = nullptr;
  for (; from != hits.end(); ++from) {
    if (!filter.admits(*from->what)) continue;
    if (page.items.size() == limit) {
      page.next = text_of(*last);
      break;
    }
    page.items.push_back(entry_of(*from->what, whole));
    last = &*from;
  }
  return page;
}

task<bool> is_known(const exercise_library_parts& parts, const http::request& incoming) {
  std::shared_ptr<const http::principal> who;
  if (parts.caller) who = co_await parts.caller(incoming);
  co_return who != nullptr;
}

task<http::page<library_entry>> list(const exercise_library_parts& parts, library_query asked, http::page_request page,
                                     const http::request& incoming) {
  const bool whole = co_await is_known(parts, incoming);
  const auto filter = filter_of(asked);
  const auto library = co_await parts.exercises.current();
  std::vector<exercises::hit> hits;
  if (asked.q) {
    const std::string text = asked.q->value();
    const auto found = co_await parts.exercises.search(library, text);
    hits = exercises::ranked(found, text);
  } else {
    hits.reserve(library->all().size());
    for (const auto& one : library->all()) hits.push_back({exercises::closeness::exact, &one});
  }
  co_return page_of(hits, filter, page, whole);
}

// --- one exercise ---------------------------------------------------------------------------------------------------

struct exercise_path {
  uuid exercise_id;
};
BOOST_DESCRIBE_STRUCT(exercise_path, (), (exercise_id))

struct exercise_query {
  std::optional<uuid> branch_id;

  static constexpr schema::note descriptions[] = {{"branch_id", "Whose machines are told"}};
};
BOOST_DESCRIBE_STRUCT(exercise_query, (), (branch_id))

struct exercise_view : library_entry {
  /// Those of the branch that serve it, the best and free ones first; told to those who are logged in and name a
  /// branch.
  std::optional<std::vector<planning::machine_availability>> machines;
  static constexpr std::string_view schema_name = "Exercise";
};
BOOST_DESCRIBE_STRUCT(exercise_view, (library_entry), (machines))

task<exercise_view> one_exercise(const exercise_library_parts& parts, exercise_path which, exercise_query asked,
                                 const http::request& incoming) {
  const bool whole = co_await is_known(parts, incoming);
  const auto library = co_await parts.exercises.current();
  const auto* found = library->find(which.exercise_id);
  if (found == nullptr) throw api_error{error_code::exercise_not_found, "The library has no such exercise."};
  exercise_view view{entry_of(*found, whole), {}};
  if (!whole || !asked.branch_id || !parts.machines) co_return view;
  try {
    const auto machines = co_await parts.machines(*asked.branch_id);
    view.machines = planning::machines_for(found->name, found->equipment, machines);
  } catch (const store::error&) {
    // The exercise is worth having without them.
  }
  co_return view;
}

}  // namespace

void declare_exercise_library(http::router& routes, exercise_library_parts parts) {
  routes.get("/api/workouts/library")
      .summary("The exercise library")
      .description(
          "Open to everybody, at most 20 at a time and without instructions; whole for those who are logged in. With "
          "`q` the best answers come first: the name itself, names that begin with the text, names that have its "
          "words, "
          "then those found by muscles, equipment or category.")
      .tag("Workouts")
      .operation_id("listExercises")
      .open()
      .handle([parts](http::query<library_query> asked, http::page_request page, http::request& incoming) {
        return list(parts, std::move(asked.value), std::move(page), incoming);
      });

  routes.get("/api/exercises/{exerciseId}")
      .summary("One exercise of the library")
      .description(
          "Open to everybody; with instructions, muscles and the machines of a branch for those who are logged in.")
      .tag("Workouts")
      .operation_id("getExercise")
      .open()
      .errors(error_code::exercise_not_found, error_code::branch_not_found)
      .handle([parts](http::path<exercise_path> which, http::query<exercise_query> asked, http::request& incoming) {
        return one_exercise(parts, which.value, asked.value, incoming);
      });
}

}  // namespace nxg::routes
