#include "services/planning/plan_fitting.hpp"

#include "services/planning/exercise_picker.hpp"

#include <algorithm>
#include <utility>

namespace nxg::planning {
namespace {

void tie(plan_exercise& entry, const exercise& known) {
  entry.exercise_id = known.id;
  entry.external_id = known.external_id;
  entry.exercise_name = known.name;
  if (!known.muscle_groups.empty()) entry.muscle_group = known.muscle_groups.front();
  entry.equipment = known.equipment;
  entry.difficulty = known.difficulty;
}

std::vector<muscle> muscles_of(muscle_group group) {
  std::vector<muscle> found;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<muscle>>([&](auto described) {
    if (group_of(described.value) == group) found.push_back(described.value);
  });
  return found;
}

class fitter {
 public:
  fitter(const training_need& need, const restrictions& limits, const exercises::library& library)
      : limits_{limits}, library_{library}, picker_{need, limits, library.all()} {}

  fitted_plan fit(plan_content content) {
    fitted_plan result{.content = std::move(content)};
    for (auto& day : result.content.days) fit_day(day, result);
    return result;
  }

 private:
  void fit_day(plan_day& day, fitted_plan& result) {
    picker_.begin_day();
    // What stays is noted first, so that no replacement repeats it.
    std::vector<plan_exercise*> to_replace;
    for (auto& section : day.categories) {
      for (auto& entry : section.exercises) {
        if (!keep(entry)) to_replace.push_back(&entry);
      }
    }
    for (auto* entry : to_replace) {
      if (const auto* other = replacement(*entry, section_of(day, entry))) {
        tie(*entry, *other);
        // The weight was meant for another exercise.
        entry->weight_kg.reset();
        entry->notes.clear();
        ++result.replaced;
      } else {
        entry->sets = 0;
        ++result.dropped;
      }
    }
    drop_marked(day);
  }

  bool keep(plan_exercise& entry) {
    const auto* known = library_.find_named(entry.external_id, entry.exercise_name);
    if (known == nullptr) {
      entry.exercise_id.reset();
      return picker_.suits(entry);
    }
    if (!picker_.suits(*known)) return false;
    tie(entry, *known);
    picker_.note(*known);
    return true;
  }

  const exercise* replacement(const plan_exercise& entry, plan_section section) {
    const auto* unsuitable = library_.find_named(entry.external_id, entry.exercise_name);
    auto muscles = unsuitable != nullptr ? unsuitable->primary_muscles
                   : entry.muscle_group  ? muscles_of(*entry.muscle_group)
                                         : std::vector<muscle>{};
    if (section == plan_section::cooldown) return picker_.stretch(muscles);
    if (section == plan_section::warmup) return picker_.cardio();
    const auto mechanic =
        unsuitable != nullptr ? unsuitable->mechanic.value_or(mechanic_kind::compound) : mechanic_kind::compound;
    if (!muscles.empty()) {
      if (const auto* same = picker_.for_slot({muscles, mechanic})) return same;
    }
    return picker_.any_strength();
  }

  static plan_section section_of(const plan_day& day, const plan_exercise* entry) {
    for (const auto& section : day.categories) {
      const auto* first = section.exercises.data();
      if (entry >= first && entry < first + section.exercises.size()) return section.category_type;
    }
    return plan_section::core;
  }

  static void drop_marked(plan_day& day) {
    for (auto& section : day.categories) {
      std::erase_if(section.exercises, [](const plan_exercise& entry) { return entry.sets == 0; });
      std::int32_t order = 0;
      for (auto& entry : section.exercises) entry.exercise_order = ++order;
    }
    std::erase_if(day.categories, [](const plan_category& section) { return section.exercises.empty(); });
    std::int32_t order = 0;
    for (auto& section : day.categories) section.category_order = ++order;
    day.muscle_groups = core_groups(day);
  }

  static std::vector<muscle_group> core_groups(const plan_day& day) {
    std::vector<muscle_group> groups;
    for (const auto& section : day.categories) {
      if (section.category_type != plan_section::core) continue;
      for (const auto& entry : section.exercises) {
        if (entry.muscle_group && std::ranges::find(groups, *entry.muscle_group) == groups.end()) {
          groups.push_back(*entry.muscle_group);
        }
      }
    }
    return groups;
  }

  const restrictions& limits_;
  const exercises::library& library_;
  exercise_picker picker_;
};

/// What nobody is asked to do in a gym; the diary would not take it either.
constexpr std::int32_t most_reps = 200;
constexpr double heaviest_kg = 500;
constexpr double longest_day_seconds = 4 * 3'600;
constexpr double seconds_a_rep = 3;

bool is_within_reason(const plan_day& day) {
  double seconds = 0;
  for (const auto& section : day.categories) {
    for (const auto& entry : section.exercises) {
      const auto reps = entry.reps_max.value_or(0);
      if (reps > most_reps || entry.weight_kg.value_or(0) > heaviest_kg) return false;
      seconds += entry.sets * (entry.duration_seconds.value_or(0) + reps * seconds_a_rep + entry.rest_seconds);
    }
  }
  return seconds <= longest_day_seconds;
}

/// Words of the service that nobody here can judge: with a condition they may tell to do what is ruled out.
void drop_notes(plan_content& content) {
  for (auto& day : content.days) {
    day.notes.clear();
    for (auto& section : day.categories) {
      for (auto& entry : section.exercises) entry.notes.clear();
    }
  }
}

bool has_core(const plan_day& day) {
  return std::ranges::any_of(day.categories,
                             [](const plan_category& section) { return section.category_type == plan_section::core; });
}

}  // namespace

std::optional<fitted_plan> fit_plan(plan_content content, const training_need& need,
                                    const exercises::library& library) {
  if (!std::ranges::all_of(content.days, is_within_reason)) return std::nullopt;
  if (!need.health_conditions.empty()) drop_notes(content);
  const auto limits = restrictions::of(need.health_conditions);
  auto fitted = fitter{need, limits, library}.fit(std::move(content));
  const auto empty = [](const plan_day& day) { return !day.is_rest_day && !has_core(day); };
  if (std::ranges::any_of(fitted.content.days, empty)) return std::nullopt;
  return fitted;
}

bool still_suits(const plan_content& content, const training_need& need, const exercises::library& library) {
  const auto limits = restrictions::of(need.health_conditions);
  for (const auto& day : content.days) {
    for (const auto& section : day.categories) {
      for (const auto& entry : section.exercises) {
        const auto* known = library.find_named(entry.external_id, entry.exercise_name);
        if (known != nullptr ? !limits.allows(*known) : !limits.allows_unknown()) return false;
      }
    }
  }
  return true;
}

}  // namespace nxg::planning
