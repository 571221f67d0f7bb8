#pragma once

#include "models/muscle_group.hpp"
#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nxg {

enum class exercise_category : std::uint8_t {
  strength,
  stretching,
  plyometrics,
  powerlifting,
  olympic_weightlifting,
  strongman,
  cardio,
};
BOOST_DESCRIBE_ENUM(exercise_category, strength, stretching, plyometrics, powerlifting, olympic_weightlifting,
                    strongman, cardio)

enum class equipment_kind : std::uint8_t {
  body_only,
  barbell,
  dumbbell,
  e_z_curl_bar,
  kettlebells,
  cable,
  machine,
  bands,
  medicine_ball,
  exercise_ball,
  foam_roll,
  other,
};
BOOST_DESCRIBE_ENUM(equipment_kind, body_only, barbell, dumbbell, e_z_curl_bar, kettlebells, cable, machine, bands,
                    medicine_ball, exercise_ball, foam_roll, other)

/// Ordered: an exercise suits members of its own level and above.
enum class difficulty_level : std::uint8_t { beginner, intermediate, advanced };
BOOST_DESCRIBE_ENUM(difficulty_level, beginner, intermediate, advanced)

/// `isometric` is what free-exercise-db calls static: holding without movement.
enum class force_kind : std::uint8_t { push, pull, isometric };
BOOST_DESCRIBE_ENUM(force_kind, push, pull, isometric)

enum class mechanic_kind : std::uint8_t { compound, isolation };
BOOST_DESCRIBE_ENUM(mechanic_kind, compound, isolation)

/// One exercise of the library. Its id is made from `external_id`, so that importing twice meets itself.
struct exercise {
  uuid id;
  std::int64_t version = 0;
  /// The id in the source it was imported from; unique.
  std::string external_id;
  std::string name;
  exercise_category category = exercise_category::strength;
  difficulty_level difficulty = difficulty_level::beginner;
  std::optional<force_kind> force;
  std::optional<mechanic_kind> mechanic;
  std::optional<equipment_kind> equipment;
  std::vector<muscle> primary_muscles;
  std::vector<muscle> secondary_muscles;
  /// The groups of the primary muscles; `cardio` alone for exercises of that category.
  std::vector<muscle_group> muscle_groups;
  /// What a search looks through: see `search_text_of`.
  std::string search_text;
  std::vector<std::string> instructions;
  /// Paths of pictures relative to the source's root; the product does not serve them.
  std::vector<std::string> images;
  instant created_at{};
  instant updated_at{};
};
BOOST_DESCRIBE_STRUCT(exercise, (),
                      (id, version, external_id, name, category, difficulty, force, mechanic, equipment,
                       primary_muscles, secondary_muscles, muscle_groups, search_text, instructions, images, created_at,
                       updated_at))

store::declaration<exercise> declare(store::tag<exercise>);

/// The id an exercise of that source id has, in every installation.
[[nodiscard]] uuid exercise_id_of(std::string_view external_id);

/// The groups an exercise is filed under.
[[nodiscard]] std::vector<muscle_group> groups_of(exercise_category category, const std::vector<muscle>& primary);

/// The name, the source's id, the equipment, the primary muscles with their groups, and the category, in words.
[[nodiscard]] std::string search_text_of(const exercise& one);

}  // namespace nxg
