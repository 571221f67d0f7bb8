#include "models/muscle_group.hpp"

#include "models/words.hpp"

#include <algorithm>
#include <utility>

namespace nxg {
namespace {

struct synonym {
  std::string_view word;
  muscle_group group;
};

// Words that are neither the name of a group nor of a muscle. Sorted by nothing: it is read once per look-up and short.
constexpr std::array synonyms{
    synonym{"pecs", muscle_group::chest},
    synonym{"pectorals", muscle_group::chest},
    synonym{"upper chest", muscle_group::chest},
    synonym{"push", muscle_group::chest},
    synonym{"lat", muscle_group::back},
    synonym{"latissimus dorsi", muscle_group::back},
    synonym{"upper back", muscle_group::back},
    synonym{"rhomboids", muscle_group::back},
    synonym{"trapezius", muscle_group::back},
    synonym{"pull", muscle_group::back},
    synonym{"leg", muscle_group::legs},
    synonym{"upper legs", muscle_group::legs},
    synonym{"lower legs", muscle_group::legs},
    synonym{"lower body", muscle_group::legs},
    synonym{"quads", muscle_group::legs},
    synonym{"thighs", muscle_group::legs},
    synonym{"glute", muscle_group::legs},
    synonym{"hips", muscle_group::legs},
    synonym{"calf", muscle_group::legs},
    synonym{"shoulder", muscle_group::shoulders},
    synonym{"delts", muscle_group::shoulders},
    synonym{"deltoids", muscle_group::shoulders},
    synonym{"rotator cuff", muscle_group::shoulders},
    synonym{"arm", muscle_group::arms},
    synonym{"upper arms", muscle_group::arms},
    synonym{"bicep", muscle_group::arms},
    synonym{"tricep", muscle_group::arms},
    synonym{"forearm", muscle_group::arms},
    synonym{"abs", muscle_group::core},
    synonym{"ab", muscle_group::core},
    synonym{"obliques", muscle_group::core},
    synonym{"waist", muscle_group::core},
    synonym{"trunk", muscle_group::core},
    synonym{"midsection", muscle_group::core},
    synonym{"cardiovascular", muscle_group::cardio},
    synonym{"conditioning", muscle_group::cardio},
    synonym{"endurance", muscle_group::cardio},
    synonym{"hiit", muscle_group::cardio},
    synonym{"aerobic", muscle_group::cardio},
    synonym{"aerobics", muscle_group::cardio},
};

}  // namespace

muscle_group group_of(muscle which) noexcept {
  switch (which) {
    case muscle::chest: return muscle_group::chest;
    case muscle::lats:
    case muscle::middle_back:
    case muscle::lower_back:
    case muscle::traps:
    case muscle::neck: return muscle_group::back;
    case muscle::quadriceps:
    case muscle::hamstrings:
    case muscle::calves:
    case muscle::glutes:
    case muscle::abductors:
    case muscle::adductors: return muscle_group::legs;
    case muscle::shoulders: return muscle_group::shoulders;
    case muscle::biceps:
    case muscle::triceps:
    case muscle::forearms: return muscle_group::arms;
    case muscle::abdominals: return muscle_group::core;
  }
  return muscle_group::core;
}

std::optional<muscle> muscle_named(std::string_view text) { return enum_named<muscle>(text); }

std::optional<muscle_group> muscle_group_named(std::string_view text) {
  if (const auto group = enum_named<muscle_group>(text)) return group;
  if (const auto which = muscle_named(text)) return group_of(*which);
  const auto words = plain_words(text);
  const auto found = std::ranges::find(synonyms, words, &synonym::word);
  if (found == synonyms.end()) return std::nullopt;
  return found->group;
}

std::string_view label_of(muscle_group which) noexcept {
  switch (which) {
    case muscle_group::chest: return "Chest";
    case muscle_group::back: return "Back";
    case muscle_group::legs: return "Legs";
    case muscle_group::shoulders: return "Shoulders";
    case muscle_group::arms: return "Arms";
    case muscle_group::core: return "Core";
    case muscle_group::cardio: return "Cardio";
  }
  return "";
}

}  // namespace nxg
