#pragma once

#include "models/exercise.hpp"

#include <string>
#include <vector>

namespace nxg::planning {

struct test_exercise {
  std::string id;
  muscle primary;
  equipment_kind equipment = equipment_kind::machine;
  difficulty_level difficulty = difficulty_level::beginner;
  exercise_category category = exercise_category::strength;
  std::vector<muscle> secondary = {};
  mechanic_kind mechanic = mechanic_kind::compound;
};

inline exercise make_exercise(const test_exercise& from) {
  exercise one;
  one.external_id = from.id;
  one.id = exercise_id_of(from.id);
  one.name = from.id;
  for (char& c : one.name) {
    if (c == '_') c = ' ';
  }
  one.category = from.category;
  one.difficulty = from.difficulty;
  one.mechanic = from.mechanic;
  one.equipment = from.equipment;
  one.primary_muscles = {from.primary};
  one.secondary_muscles = from.secondary;
  one.muscle_groups = groups_of(one.category, one.primary_muscles);
  return one;
}

/// A small gym: four strength exercises and two stretches for each muscle a split asks for, and two cardio machines.
inline std::vector<exercise> small_library() {
  using enum muscle;
  std::vector<exercise> all;
  const std::vector<std::pair<muscle, std::string>> muscles{
      {quadriceps, "Quad"},        {hamstrings, "Ham"}, {glutes, "Glute"},    {calves, "Calf"},
      {muscle::chest, "Chest"},    {lats, "Lat"},       {middle_back, "Mid"}, {traps, "Trap"},
      {muscle::shoulders, "Delt"}, {biceps, "Bi"},      {triceps, "Tri"},     {abdominals, "Abdo"},
      {lower_back, "Low"}};
  const std::vector<equipment_kind> kinds{equipment_kind::machine, equipment_kind::dumbbell, equipment_kind::barbell,
                                          equipment_kind::cable};
  for (const auto& [which, name] : muscles) {
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      all.push_back(make_exercise({.id = name + "_Move_" + std::to_string(i),
                                   .primary = which,
                                   .equipment = kinds[i],
                                   .difficulty = i < 2 ? difficulty_level::beginner : difficulty_level::intermediate,
                                   .mechanic = i % 2 == 0 ? mechanic_kind::compound : mechanic_kind::isolation}));
    }
    for (int i = 0; i < 2; ++i) {
      all.push_back(make_exercise({.id = name + "_Stretch_" + std::to_string(i),
                                   .primary = which,
                                   .equipment = equipment_kind::body_only,
                                   .category = exercise_category::stretching}));
    }
  }
  for (const auto* name : {"Easy_Cycle", "Easy_Walk"}) {
    all.push_back(make_exercise({.id = name, .primary = quadriceps, .category = exercise_category::cardio}));
  }
  return all;
}

}  // namespace nxg::planning
