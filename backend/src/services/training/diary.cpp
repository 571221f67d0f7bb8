#include "services/training/diary.hpp"

#include "services/training/errors.hpp"
#include "store/errors.hpp"
#include "store/wrote_first.hpp"
#include "utilities/time_zones.hpp"

#include <algorithm>
#include <utility>

namespace nxg::training {
namespace {

constexpr int most_rounds = 16;

api_error visit_not_found() { return {error_code::visit_not_found, "You have no such visit."}; }

bool covers(const visit& one, instant at) {
  return at >= one.check_in_at && (!one.check_out_at || at <= *one.check_out_at + written_down_after);
}

void check_time(instant at, instant now) {
  if (at > now + furthest_ahead) throw invalid_field("/completedAt", "too_large", "must not be in the future");
  if (at < now - oldest_entry) throw invalid_field("/completedAt", "too_small", "must not be more than seven days ago");
}

logged_set set_from(const set_figures& figures) {
  logged_set set;
  set.reps = figures.reps;
  set.weight_kg = figures.weight_kg;
  set.seconds = figures.duration_seconds;
  return set;
}

void place_in_time(exercise_log& entry, const std::string& zone) {
  entry.time_zone = zone;
  entry.local_date = utilities::local_date_at(entry.completed_at, zone);
}

}  // namespace

std::vector<sets_of_exercise> by_exercise(const std::vector<set_figures>& sets, const std::string& machine_name,
                                          const exercises::library& library) {
  std::vector<sets_of_exercise> result;
  for (const auto& set : sets) {
    const std::string name = set.exercise.value_or(machine_name);
    const auto* what = library.find_named(name, name);
    if (what == nullptr) continue;
    auto known = std::ranges::find(result, what, &sets_of_exercise::what);
    if (known == result.end()) known = result.insert(result.end(), {what, {}});
    known->sets.push_back(set_from(set));
  }
  return result;
}

task<exercise_log> diary::add(uuid member, new_entry what, uuid id) {
  const auto now = parts_.time.now();
  exercise_log entry;
  entry.id = id;
  entry.member_id = member;
  entry.exercise_id = what.exercise_id;
  entry.completed_at = what.completed_at.value_or(now);
  entry.sets = std::move(what.sets);
  entry.notes = std::move(what.notes);
  entry.created_at = now;

  // A repetition is answered as it was then, whatever holds by now.
  auto earlier = co_await parts_.logs.find(member, id);
  if (earlier) co_return std::move(*earlier);
  check_time(entry.completed_at, now);
  const auto library = co_await parts_.exercises.current();
  const auto* known = library->find(what.exercise_id);
  if (known == nullptr) throw exercise_not_found();
  entry.exercise_name = known->name;
  co_await attach(entry, what.session_id);
  const bool doubled = co_await machine_logged_it(entry);
  if (doubled) throw already_logged();
  try {
    co_await parts_.logs.insert(entry);
    entry.version = 1;
  } catch (const store::error& error) {
    if (!error.is(store::failure::duplicate)) throw;
    if (error.index() != "id") throw already_logged();
    earlier.emplace();
  }
  if (earlier) {
    earlier = co_await parts_.logs.find(member, id);
    if (earlier) entry = std::move(*earlier);
  }
  co_return entry;
}

// The visit gives the zone and the date; without one the member's own zone does.
task<void> diary::attach(exercise_log& entry, const std::optional<uuid>& session_id) {
  std::optional<visit> during;
  if (session_id) {
    during = co_await parts_.visits.find(*session_id);
    if (!during || during->member_id != entry.member_id) throw visit_not_found();
    if (!covers(*during, entry.completed_at))
      throw invalid_field("/completedAt", "bad_format", "is not a moment of that visit");
  } else {
    during = co_await parts_.visits.active_of(entry.member_id);
    if (during && !covers(*during, entry.completed_at)) during.reset();
  }
  if (during) {
    entry.session_id = during->id;
    place_in_time(entry, during->time_zone);
    co_return;
  }
  const auto who = co_await parts_.members(entry.member_id);
  place_in_time(entry, who ? who->time_zone.value() : std::string{"UTC"});
}

// Whether a station wrote these sets down: an entry of its own for the exercise, of a workout going on at that time.
task<bool> diary::machine_logged_it(const exercise_log& entry) {
  const auto from = entry.completed_at - std::chrono::hours{6};
  const auto to = entry.completed_at + std::chrono::hours{6};
  const auto near = co_await parts_.logs.of_exercise_between(entry.member_id, entry.exercise_id, from, to);
  for (const auto& one : near) {
    if (one.source != log_source::machine || !one.workout_id) continue;
    const auto of = co_await parts_.workouts.find(*one.workout_id);
    if (!of) continue;
    const auto end = of->ended_at.value_or(parts_.time.now()) + written_down_after;
    if (entry.completed_at >= of->started_at && entry.completed_at <= end) co_return true;
  }
  co_return false;
}

task<exercise_log> diary::get(uuid member, uuid log) {
  auto found = co_await parts_.logs.find(member, log);
  if (!found) throw log_not_found();
  co_return std::move(*found);
}

task<exercise_log> diary::open_to_change(uuid member, uuid log, std::optional<std::int64_t> expected) {
  auto found = co_await get(member, log);
  if (expected && found.version != *expected) throw lost_race();
  if (parts_.time.now() > found.created_at + correctable_for) throw log_closed();
  co_return found;
}

task<exercise_log> diary::correct(uuid member, uuid log, entry_correction what, std::optional<std::int64_t> expected) {
  for (int round = 0; round < most_rounds; ++round) {
    auto found = co_await open_to_change(member, log, expected);
    if (found.sets == what.sets && found.notes == what.notes) co_return found;
    const auto now = parts_.time.now();
    found.corrections.push_back({now, std::move(found.sets), std::move(found.notes)});
    if (found.corrections.size() > kept_revisions) found.corrections.erase(found.corrections.begin());
    found.sets = what.sets;
    found.notes = what.notes;
    found.corrected_at = now;
    const bool written = co_await store::wrote_first(parts_.logs.save(found));
    if (written) {
      ++found.version;
      co_return found;
    }
    // A caller who said which version is told; one who did not gets the last word.
    if (expected) throw lost_race();
  }
  throw busy();
}

task<void> diary::remove(uuid member, uuid log, std::optional<std::int64_t> expected) {
  for (int round = 0; round < most_rounds; ++round) {
    auto found = co_await open_to_change(member, log, expected);
    bool removed = true;
    try {
      co_await parts_.logs.remove(std::move(found));
    } catch (const store::error& error) {
      if (error.is(store::failure::not_found)) co_return;
      if (!error.is(store::failure::version_conflict)) throw;
      removed = false;
    }
    if (removed) co_return;
    if (expected) throw lost_race();
  }
  throw busy();
}

task<void> diary::take_workout(uuid workout_id) {
  const auto of = co_await parts_.workouts.find(workout_id);
  if (!of || of->state != workout_state::final_ || !of->figures || !counts_sets(of->machine_class)) co_return;
  const auto library = co_await parts_.exercises.current();
  auto wanted = by_exercise(of->figures->sets, of->machine_name, *library);
  auto present = co_await parts_.logs.of_workout(of->member_id, workout_id);
  for (auto& one : wanted) co_await set_entry(*of, *one.what, std::move(one.sets), present);
  // An earlier summary had them, this one has not.
  for (auto& left : present) {
    if (left.source != log_source::machine || left.corrected_at) continue;
    // Of a later summary, which another process has taken in meanwhile.
    if (left.workout_revision.value_or(0) > of->revision) continue;
    try {
      co_await parts_.logs.remove(std::move(left));
    } catch (const store::error& error) {
      if (!error.is(store::failure::not_found)) throw;
    }
  }
}

// Takes the entry it sets out of `present`.
task<void> diary::set_entry(const workout& of, const exercise& what, std::vector<logged_set> sets,
                            std::vector<exercise_log>& present) {
  const auto known = std::ranges::find(present, what.id, &exercise_log::exercise_id);
  if (known != present.end()) {
    auto entry = std::move(*known);
    present.erase(known);
    const bool newer = entry.workout_revision.value_or(0) < of.revision;
    if (!newer || entry.source != log_source::machine || entry.corrected_at) co_return;
    entry.workout_revision = of.revision;
    entry.sets = std::move(sets);
    // A conflict comes out: the event is delivered again, to what is there by then.
    co_await parts_.logs.save(std::move(entry));
    co_return;
  }
  const auto end = of.ended_at.value_or(of.started_at);
  const auto by_hand =
      co_await parts_.logs.of_exercise_between(of.member_id, what.id, of.started_at, end + written_down_after);
  const auto manual = [](const exercise_log& one) { return one.source == log_source::manual; };
  if (std::ranges::any_of(by_hand, manual)) co_return;
  exercise_log entry;
  entry.id = machine_log_id(of.id, what.id);
  entry.member_id = of.member_id;
  entry.exercise_id = what.id;
  entry.exercise_name = what.name;
  entry.source = log_source::machine;
  entry.session_id = of.visit_id;
  entry.workout_id = of.id;
  entry.workout_revision = of.revision;
  entry.completed_at = end;
  entry.time_zone = of.time_zone;
  entry.local_date = of.local_date;
  entry.sets = std::move(sets);
  entry.created_at = parts_.time.now();
  try {
    co_await parts_.logs.insert(std::move(entry));
  } catch (const store::error& error) {
    if (!error.is(store::failure::duplicate)) throw;
  }
}

}  // namespace nxg::training
