#include "repositories/exercise_logs.hpp"

#include <algorithm>
#include <utility>

namespace nxg::repositories {
namespace {

using namespace store;

constexpr std::size_t page_size = 500;

filter<exercise_log> of_member(uuid member) { return eq<&exercise_log::member_id>(member); }

exercise_log_changed changed(const exercise_log& one) {
  return {one.id, one.member_id, one.exercise_id, one.exercise_name};
}

sort<exercise_log> newest_first() {
  return sort<exercise_log>().descending<&exercise_log::local_date>().descending<&exercise_log::completed_at>();
}

filter<exercise_log> of_days(schema::local_date from, schema::local_date to) {
  return gte<&exercise_log::local_date>(from) && lte<&exercise_log::local_date>(to);
}

/// In the order of time.
task<std::vector<exercise_log>> all(collection<exercise_log>& in, filter<exercise_log> where, sort<exercise_log> by) {
  std::vector<exercise_log> found;
  std::optional<std::string> after;
  do {
    auto part = co_await in.find_page(where, by, page_size, after);
    for (auto& one : part.items) found.push_back(std::move(one));
    after = std::move(part.next);
  } while (after);
  std::ranges::reverse(found);
  co_return found;
}

}  // namespace

task<void> exercise_logs::insert(exercise_log made) {
  auto event = emit(changed(made));
  return logs_.insert(std::move(made), std::move(event));
}

task<std::optional<exercise_log>> exercise_logs::find(uuid member, uuid log) {
  auto found = co_await logs_.find(log);
  if (found && found->member_id != member) found.reset();
  co_return found;
}

task<page<exercise_log>> exercise_logs::list(uuid member, log_filter narrowed, std::size_t limit,
                                             std::optional<std::string> after) {
  auto where = of_member(member);
  if (narrowed.exercise_id) where = std::move(where) && eq<&exercise_log::exercise_id>(*narrowed.exercise_id);
  if (narrowed.source) where = std::move(where) && eq<&exercise_log::source>(*narrowed.source);
  if (narrowed.from) where = std::move(where) && gte<&exercise_log::local_date>(*narrowed.from);
  if (narrowed.to) where = std::move(where) && lte<&exercise_log::local_date>(*narrowed.to);
  return logs_.find_page(std::move(where), newest_first(), limit, std::move(after));
}

task<std::vector<exercise_log>> exercise_logs::of_exercise(uuid member, uuid exercise) {
  return all(logs_, of_member(member) && eq<&exercise_log::exercise_id>(exercise), newest_first());
}

task<std::vector<exercise_log>> exercise_logs::newest(uuid member, uuid exercise, std::size_t limit) {
  auto found =
      co_await logs_.find_page(of_member(member) && eq<&exercise_log::exercise_id>(exercise), newest_first(), limit);
  co_return std::move(found.items);
}

task<std::vector<exercise_log>> exercise_logs::between(uuid member, schema::local_date from, schema::local_date to) {
  return all(logs_, of_member(member) && of_days(from, to), newest_first());
}

task<std::vector<exercise_log>> exercise_logs::of_workout(uuid member, uuid workout) {
  return all(logs_, of_member(member) && eq<&exercise_log::workout_id>(workout), {});
}

task<std::vector<exercise_log>> exercise_logs::of_exercise_between(uuid member, uuid exercise, instant from,
                                                                   instant to) {
  // No zone is further than a day from UTC.
  using std::chrono::days;
  const auto first = std::chrono::floor<days>(from) - days{1};
  const auto last = std::chrono::floor<days>(to) + days{1};
  return all(logs_,
             of_member(member) && eq<&exercise_log::exercise_id>(exercise) && of_days(first, last) &&
                 gte<&exercise_log::completed_at>(from) && lte<&exercise_log::completed_at>(to),
             newest_first());
}

task<void> exercise_logs::save(exercise_log what) {
  auto event = emit(changed(what));
  return logs_.save(std::move(what), std::move(event));
}

task<void> exercise_logs::remove(exercise_log read) { return logs_.remove(read.id, emit(changed(read)), read.version); }

}  // namespace nxg::repositories
