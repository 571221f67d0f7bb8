#pragma once

#include <boost/describe/enum.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace nxg {

/// The muscles an exercise names, as free-exercise-db spells them (blanks become underscores).
enum class muscle : std::uint8_t {
  abdominals,
  abductors,
  adductors,
  biceps,
  calves,
  chest,
  forearms,
  glutes,
  hamstrings,
  lats,
  lower_back,
  middle_back,
  neck,
  quadriceps,
  shoulders,
  traps,
  triceps,
};
BOOST_DESCRIBE_ENUM(muscle, abdominals, abductors, adductors, biceps, calves, chest, forearms, glutes, hamstrings, lats,
                    lower_back, middle_back, neck, quadriceps, shoulders, traps, triceps)

/// The groups members filter by and days are labelled with. The label a service gives a day may be any text;
/// this is the one list everything is mapped to.
enum class muscle_group : std::uint8_t { chest, back, legs, shoulders, arms, core, cardio };
BOOST_DESCRIBE_ENUM(muscle_group, chest, back, legs, shoulders, arms, core, cardio)

inline constexpr std::array all_muscle_groups{muscle_group::chest,     muscle_group::back, muscle_group::legs,
                                              muscle_group::shoulders, muscle_group::arms, muscle_group::core,
                                              muscle_group::cardio};

/// The group a muscle belongs to.
[[nodiscard]] muscle_group group_of(muscle which) noexcept;

/// Reads a group, a muscle or a usual word for one ("Lats", "upper legs", "ABS"); letter case, blanks, hyphens and
/// underscores do not matter. Nothing when the word is not known.
[[nodiscard]] std::optional<muscle_group> muscle_group_named(std::string_view text);

/// Reads a muscle as free-exercise-db writes it ("lower back"), in any letter case.
[[nodiscard]] std::optional<muscle> muscle_named(std::string_view text);

/// The group as people read it: "Chest".
[[nodiscard]] std::string_view label_of(muscle_group which) noexcept;

}  // namespace nxg
