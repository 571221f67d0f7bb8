#include "repositories/workouts.hpp"

namespace nxg {

using store::change;
using store::eq;

task<bool> workout_repository::insert(workout made) {
  auto event = store::emit(workout_started{made.id, made.member_id, made.machine_id, made.started_at});
  try {
    co_await workouts_.insert(std::move(made), std::move(event));
  } catch (const store::error& error) {
    if (error.is(store::failure::duplicate)) co_return false;
    throw;
  }
  co_return true;
}

task<store::page<workout>> workout_repository::history(uuid member, std::size_t limit,
                                                       std::optional<std::string> after) {
  return workouts_.find_page(eq<&workout::member_id>(member), store::sort<workout>().descending<&workout::started_at>(),
                             limit, std::move(after));
}

task<std::vector<workout>> workout_repository::all(store::filter<workout> where) {
  std::vector<workout> found;
  std::optional<std::string> after;
  do {
    auto page = co_await workouts_.find_page(where, store::sort<workout>(), 500, after);
    for (auto& one : page.items) found.push_back(std::move(one));
    after = std::move(page.next);
  } while (after);
  co_return found;
}

task<std::vector<workout>> workout_repository::final_of_member_day(uuid member, schema::local_date date) {
  return all(eq<&workout::member_id>(member) && eq<&workout::local_date>(date) &&
             eq<&workout::state>(workout_state::final_));
}

task<std::vector<workout>> workout_repository::final_of_machine_day(uuid machine, schema::local_date date) {
  return all(eq<&workout::machine_id>(machine) && eq<&workout::local_date>(date) &&
             eq<&workout::state>(workout_state::final_));
}

task<std::vector<workout>> workout_repository::of_machine(uuid machine, instant until) {
  auto found =
      co_await workouts_.find_page(eq<&workout::machine_id>(machine) && store::lte<&workout::started_at>(until),
                                   store::sort<workout>().descending<&workout::started_at>(), 50);
  co_return std::move(found.items);
}

task<std::vector<workout>> workout_repository::of_machine_between(uuid machine, instant from, instant until) {
  std::vector<workout> found;
  std::optional<std::string> after;
  bool more = true;
  while (more) {
    auto page =
        co_await workouts_.find_page(eq<&workout::machine_id>(machine) && store::lte<&workout::started_at>(until),
                                     store::sort<workout>().descending<&workout::started_at>(), 200, std::move(after));
    for (auto& one : page.items) found.push_back(std::move(one));
    after = std::move(page.next);
    // A machine has one at a time: the first that began by `from` is the earliest that reaches into it.
    more = after && found.back().started_at > from;
  }
  co_return found;
}

task<std::vector<workout>> workout_repository::ended_among(std::vector<uuid> ids) {
  if (ids.empty()) co_return std::vector<workout>{};
  auto of_these = store::in<&workout::id>(ids);
  auto ended = eq<&workout::state>(workout_state::closing) || eq<&workout::state>(workout_state::final_);
  auto found =
      co_await workouts_.find_page(std::move(of_these) && std::move(ended), store::sort<workout>(), ids.size());
  co_return std::move(found.items);
}

task<bool> workout_repository::disturb(uuid id) {
  return workouts_.update(id, eq<&workout::state>(workout_state::closing),
                          change<workout>().set<&workout::state>(workout_state::closing));
}

task<bool> workout_repository::end(uuid id, uuid member, link_end reason, instant at, instant due_at) {
  return workouts_.update(id, eq<&workout::state>(workout_state::live),
                          change<workout>()
                              .set<&workout::state>(workout_state::closing)
                              .set<&workout::ended_at>(at)
                              .set<&workout::end_reason>(reason)
                              .set<&workout::due_at>(due_at)
                              .emit(workout_ended{id, member, reason, at}));
}

task<std::vector<workout>> workout_repository::due(instant now) {
  auto found =
      co_await workouts_.find_page(eq<&workout::state>(workout_state::closing) && store::lte<&workout::due_at>(now),
                                   store::sort<workout>().ascending<&workout::due_at>(), 500);
  co_return std::move(found.items);
}

task<void> workout_repository::summarize(workout read, workout_figures figures, heart_rate_figures heart_rate,
                                         instant now) {
  const auto revision = read.revision + 1;
  return workouts_.update(read.id, change<workout>()
                                       .set<&workout::state>(workout_state::final_)
                                       .set<&workout::figures>(figures)
                                       .set<&workout::heart_rate>(heart_rate)
                                       .set<&workout::finalized_at>(now)
                                       .set<&workout::revision>(revision)
                                       .expect(read.version)
                                       .emit(workout_summarized{read.id, read.member_id, read.machine_id,
                                                                read.branch_id, read.local_date, revision}));
}

}  // namespace nxg
