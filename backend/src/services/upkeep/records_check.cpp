#include "services/upkeep/records_check.hpp"

#include "services/training/record_figures.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace nxg::upkeep {
namespace {

constexpr const char* differs = "personal records differ from their training diary";

struct subject {
  uuid member;
  uuid exercise;
  std::string exercise_name;
};

/// Every exercise of every member that has an entry or a row.
task<std::map<std::string, subject>> subjects(census& all) {
  std::map<std::string, subject> found;
  census::position after;
  do {
    const auto page = co_await all.logs(after);
    for (const auto& one : page.items) {
      found.try_emplace(personal_record_id(one.member_id, one.exercise_id),
                        subject{one.member_id, one.exercise_id, one.exercise_name});
    }
    after = page.next;
  } while (after);
  do {
    const auto page = co_await all.records(after);
    for (const auto& one : page.items)
      found.try_emplace(one.id, subject{one.member_id, one.exercise_id, one.exercise_name});
    after = page.next;
  } while (after);
  co_return found;
}

}  // namespace

task<void> check_personal_records(census& all, repositories::exercise_logs& logs, training::records& records,
                                  findings& into, bool rebuild) {
  const auto every = co_await subjects(all);
  for (const auto& [id, one] : every) {
    const auto row = co_await records.find(one.member, one.exercise);
    const auto entries = co_await logs.of_exercise(one.member, one.exercise);
    if ((row ? row->figures : record_figures{}) == training::figures_of(entries)) continue;
    const bool behind = co_await all.logs_have_undelivered();
    if (behind) {
      ++into.behind;
      continue;
    }
    into.add(differs, id);
    if (!rebuild) continue;
    co_await records.set(one.member, one.exercise, one.exercise_name);
    into.rebuilt(differs);
  }
}

}  // namespace nxg::upkeep
