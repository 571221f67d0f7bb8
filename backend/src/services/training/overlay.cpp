#include "services/training/overlay.hpp"

#include "models/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace nxg::training {
namespace {

using faults = std::vector<change_fault>;

merged_day copy_of(const plan_day& day) {
  merged_day copy{.day_order = day.day_order,
                  .day_name = day.day_name,
                  .is_rest_day = day.is_rest_day,
                  .muscle_group = day.muscle_group,
                  .muscle_groups = day.muscle_groups,
                  .estimated_minutes = day.estimated_minutes,
                  .notes = day.notes};
  for (const auto& section : day.categories) {
    merged_category category{section.category_type, section.category_order, {}};
    for (const auto& entry : section.exercises) {
      merged_exercise exercise;
      static_cast<plan_exercise&>(exercise) = entry;
      category.exercises.push_back(std::move(exercise));
    }
    copy.categories.push_back(std::move(category));
  }
  return copy;
}

std::vector<merged_day> copy_of(const plan_content& plan) {
  std::vector<merged_day> days;
  for (const auto& day : plan.days) days.push_back(copy_of(day));
  return days;
}

// As for a plan made earlier: what is known to be ruled out, and what nobody knows where the member has a condition.
bool may_do(const plan_exercise& entry, const overlay_rules& by) {
  const auto* known = entry.exercise_id ? by.library.find(*entry.exercise_id)
                                        : by.library.find_named(entry.external_id, entry.exercise_name);
  return known != nullptr ? by.limits.allows(*known) : by.limits.allows_unknown();
}

void mark_contraindicated(std::vector<merged_day>& days, const overlay_rules& by) {
  for (auto& day : days) {
    for (auto& section : day.categories) {
      for (auto& entry : section.exercises) {
        if (may_do(entry, by)) continue;
        entry.contraindicated = true;
        entry.skipped = true;
      }
    }
  }
}

struct place {
  merged_day* day = nullptr;
  merged_category* section = nullptr;
  merged_exercise* entry = nullptr;
};

merged_day* training_day(std::vector<merged_day>& days, std::int32_t order) {
  const auto found =
      std::ranges::find_if(days, [&](const merged_day& day) { return day.day_order == order && !day.is_rest_day; });
  return found == days.end() ? nullptr : &*found;
}

// What is trained comes before what warms up for it, should a day have an exercise twice.
place find_exercise(merged_day& day, std::string_view key) {
  place found{.day = &day};
  for (auto& section : day.categories) {
    for (auto& entry : section.exercises) {
      if (exercise_key(entry) != key && plain_words(entry.exercise_name) != key) continue;
      if (found.entry == nullptr || section.category_type == plan_section::core) {
        found.section = &section;
        found.entry = &entry;
      }
      break;
    }
  }
  return found;
}

void note(merged_exercise& entry, overlay_op op) {
  if (std::ranges::find(entry.changed_by, op) == entry.changed_by.end()) entry.changed_by.push_back(op);
}

class application {
 public:
  application(std::vector<merged_day>& days, const overlay_change& change, const overlay_rules& by)
      : days_{days}, change_{change}, by_{by} {}

  faults run() {
    auto* day = training_day(days_, change_.day_order);
    if (day == nullptr) return {{"dayOrder", "not_in_plan", "the plan has no training on that day"}};
    if (change_.op == overlay_op::reorder) return reorder(*day);
    if (change_.exercise.empty()) return whole_day(*day);
    const auto at = find_exercise(*day, change_.exercise);
    if (at.entry == nullptr) {
      wrong(target_field(), "not_in_plan", "the plan does not have this exercise on that day");
      // The other end of a swap is looked at all the same: every fault is told at once.
      if (change_.op == overlay_op::swap) check_replacement(*day);
      return std::move(wrong_);
    }
    switch (change_.op) {
      case overlay_op::swap: swap(at); break;
      case overlay_op::adjust: adjust(*at.entry); break;
      case overlay_op::skip:
        at.entry->skipped = true;
        note(*at.entry, overlay_op::skip);
        break;
      case overlay_op::reorder: break;
    }
    return std::move(wrong_);
  }

 private:
  void wrong(std::string field, std::string code, std::string message) {
    wrong_.push_back({std::move(field), std::move(code), std::move(message)});
  }
  [[nodiscard]] std::string target_field() const {
    return uuid::parse(change_.exercise) ? "exerciseId" : "exerciseName";
  }

  faults whole_day(merged_day& day) {
    if (change_.op != overlay_op::skip) {
      wrong("exerciseId", "required", "name the exercise");
      return std::move(wrong_);
    }
    day.skipped = true;
    return {};
  }

  const exercise* check_replacement(merged_day& day) {
    const auto* other = change_.with_exercise_id ? by_.library.find(*change_.with_exercise_id) : nullptr;
    if (other == nullptr) {
      wrong("withExerciseId", "unknown_exercise", "is no exercise of the library");
      return nullptr;
    }
    if (!by_.limits.understood() || !by_.limits.allows(*other)) {
      wrong("withExerciseId", "contraindicated",
            by_.limits.understood() ? "does not suit the health conditions of the profile"
                                    : "cannot be shown to suit the health conditions of the profile");
      return nullptr;
    }
    if (find_exercise(day, other->id.to_string()).entry != nullptr) {
      wrong("withExerciseId", "already_in_day", "is an exercise of that day already");
      return nullptr;
    }
    return other;
  }

  void swap(const place& at) {
    const auto* other = check_replacement(*at.day);
    if (other == nullptr) return;
    auto& entry = *at.entry;
    if (!entry.instead_of) entry.instead_of = entry.exercise_name;
    entry.exercise_id = other->id;
    entry.external_id = other->external_id;
    entry.exercise_name = other->name;
    if (!other->muscle_groups.empty()) entry.muscle_group = other->muscle_groups.front();
    entry.equipment = other->equipment;
    entry.difficulty = other->difficulty;
    // They were meant for another exercise.
    entry.weight_kg.reset();
    entry.notes.clear();
    entry.contraindicated = false;
    entry.skipped = false;
    note(entry, overlay_op::swap);
  }

  void adjust(merged_exercise& entry) {
    const bool timed = entry.duration_seconds.has_value();
    if (timed && (change_.reps_min || change_.reps_max))
      wrong(change_.reps_min ? "repsMin" : "repsMax", "nothing_to_adjust", "this exercise is timed, not counted");
    if (!timed && change_.duration_seconds)
      wrong("durationSeconds", "nothing_to_adjust", "this exercise is counted, not timed");
    const auto least = change_.reps_min ? change_.reps_min : entry.reps_min;
    const auto most = change_.reps_max ? change_.reps_max : entry.reps_max;
    if (least && most && *least > *most)
      wrong(change_.reps_min ? "repsMin" : "repsMax", "too_large",
            fmt::format("the least repetitions ({}) would be more than the most ({})", *least, *most));
    if (!wrong_.empty()) return;
    if (change_.sets) entry.sets = *change_.sets;
    if (change_.reps_min) entry.reps_min = change_.reps_min;
    if (change_.reps_max) entry.reps_max = change_.reps_max;
    if (change_.duration_seconds) entry.duration_seconds = change_.duration_seconds;
    if (change_.rest_seconds) entry.rest_seconds = *change_.rest_seconds;
    if (change_.weight_kg) entry.weight_kg = change_.weight_kg;
    note(entry, overlay_op::adjust);
  }

  faults reorder(merged_day& day) {
    merged_category* section = nullptr;
    for (std::size_t i = 0; i < change_.order.size(); ++i) {
      const auto at = find_exercise(day, change_.order[i]);
      const auto field = fmt::format("order/{}", i);
      if (at.entry == nullptr) {
        wrong(field, "not_in_plan", "the plan does not have this exercise on that day");
      } else if (section != nullptr && at.section != section) {
        wrong(field, "other_section", "is in another section of the day than those before it");
      } else {
        section = at.section;
      }
    }
    if (section == nullptr && wrong_.empty()) wrong("order", "nothing_to_reorder", "names no exercise");
    if (!wrong_.empty()) return std::move(wrong_);
    const auto rank = [&](const merged_exercise& entry) {
      return std::ranges::find(change_.order, exercise_key(entry)) - change_.order.begin();
    };
    std::ranges::stable_sort(section->exercises, {}, rank);
    std::int32_t order = 0;
    for (auto& entry : section->exercises) {
      entry.exercise_order = ++order;
      note(entry, overlay_op::reorder);
    }
    return {};
  }

  std::vector<merged_day>& days_;
  const overlay_change& change_;
  const overlay_rules& by_;
  faults wrong_;
};

bool same_target(const overlay_change& a, const overlay_change& b) {
  return a.op == b.op && a.day_order == b.day_order && a.exercise == b.exercise;
}

void take_over(overlay_change& newer, const overlay_change& older) {
  const auto keep = [](auto& value, const auto& before) {
    if (!value) value = before;
  };
  keep(newer.sets, older.sets);
  keep(newer.reps_min, older.reps_min);
  keep(newer.reps_max, older.reps_max);
  keep(newer.duration_seconds, older.duration_seconds);
  keep(newer.rest_seconds, older.rest_seconds);
  keep(newer.weight_kg, older.weight_kg);
}

// Of an order, what the new day still has.
void narrow_order(overlay_change& change, std::vector<merged_day>& days) {
  auto* day = training_day(days, change.day_order);
  if (day == nullptr) return;
  std::erase_if(change.order, [&](const std::string& key) { return find_exercise(*day, key).entry == nullptr; });
}

}  // namespace

std::vector<change_fault> apply(std::vector<merged_day>& days, const overlay_change& change, const overlay_rules& by) {
  return application{days, change, by}.run();
}

void name_exercises(overlay_change& change, std::vector<merged_day>& days, const exercises::library& library) {
  if (change.with_exercise_id) {
    if (const auto* other = library.find(*change.with_exercise_id)) change.with_exercise_name = other->name;
  }
  auto* day = training_day(days, change.day_order);
  if (day == nullptr) return;
  if (const auto at = find_exercise(*day, change.exercise); at.entry != nullptr) {
    change.exercise = exercise_key(*at.entry);
    change.exercise_name = at.entry->exercise_name;
  }
  for (auto& key : change.order) {
    if (const auto at = find_exercise(*day, key); at.entry != nullptr) key = exercise_key(*at.entry);
  }
}

merged_plan merge(const plan_content& plan, std::span<const overlay_change> changes, const overlay_rules& by) {
  merged_plan result{.days = copy_of(plan), .without_place = {}};
  for (const auto& change : changes) {
    const auto wrong = apply(result.days, change, by);
    if (!wrong.empty()) result.without_place.push_back({change, wrong.front().code});
  }
  mark_contraindicated(result.days, by);
  return result;
}

std::vector<overlay_change> with_change(std::vector<overlay_change> changes, overlay_change added) {
  if (added.op != overlay_op::swap) {
    // Only up to the last swap of that day: what comes before it is about the day as it was then.
    const auto swapped = std::find_if(changes.rbegin(), changes.rend(), [&](const overlay_change& one) {
      return one.op == overlay_op::swap && one.day_order == added.day_order;
    });
    const auto older =
        std::find_if(swapped.base(), changes.end(), [&](const overlay_change& one) { return same_target(one, added); });
    if (older != changes.end()) {
      if (added.op == overlay_op::adjust) take_over(added, *older);
      changes.erase(older);
    }
  }
  changes.push_back(std::move(added));
  return changes;
}

carried_changes carry(std::span<const overlay_change> changes, const plan_content& to, const overlay_rules& by) {
  carried_changes result;
  auto days = copy_of(to);
  // Where an earlier change of the same day went, later ones follow.
  std::map<std::pair<std::int32_t, std::string>, std::int32_t> moved;
  for (const auto& change : changes) {
    auto fitted = change;
    if (fitted.op == overlay_op::reorder) narrow_order(fitted, days);
    if (const auto to_day = moved.find({change.day_order, change.exercise}); to_day != moved.end())
      fitted.day_order = to_day->second;
    auto wrong = apply(days, fitted, by);
    const bool elsewhere = !wrong.empty() && wrong.front().code == "not_in_plan" && !change.exercise.empty();
    for (std::size_t i = 0; elsewhere && !wrong.empty() && i < days.size(); ++i) {
      fitted.day_order = days[i].day_order;
      if (apply(days, fitted, by).empty()) wrong.clear();
    }
    if (!wrong.empty()) {
      result.dropped.push_back({change, wrong.front().code});
      continue;
    }
    if (fitted.day_order != change.day_order) {
      moved[{change.day_order, change.exercise}] = fitted.day_order;
      if (change.with_exercise_id) moved[{change.day_order, change.with_exercise_id->to_string()}] = fitted.day_order;
    }
    result.kept.push_back(std::move(fitted));
  }
  return result;
}

plan_overlay fitted_to(plan_overlay overlay, const workout_plan& plan, const overlay_rules& by) {
  if (overlay.plan_id == plan.id) return overlay;
  auto carried = carry(overlay.changes, plan.content, by);
  if (!overlay.plan_id.is_nil()) {
    overlay.past.push_back({overlay.plan_id, std::move(overlay.changes)});
    if (overlay.past.size() > plan_overlay::kept_past) overlay.past.erase(overlay.past.begin());
  }
  overlay.plan_id = plan.id;
  overlay.changes = std::move(carried.kept);
  overlay.dropped = std::move(carried.dropped);
  return overlay;
}

}  // namespace nxg::training
