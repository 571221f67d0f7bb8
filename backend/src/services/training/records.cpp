#include "services/training/records.hpp"

#include "services/points/awards.hpp"
#include "services/training/record_figures.hpp"
#include "store/errors.hpp"
#include "store/wrote_first.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace nxg::training {
namespace {

constexpr int most_rounds = 32;

const record_setter* find_in(const std::vector<record_setter>& setters, const uuid& log) {
  const auto found = std::ranges::find(setters, log, &record_setter::log_id);
  return found == setters.end() ? nullptr : &*found;
}

void add_day(std::vector<schema::local_date>& days, schema::local_date day) {
  if (std::ranges::find(days, day) == days.end()) days.push_back(day);
}

}  // namespace

std::optional<personal_records_changed> difference(const record_figures& before, const record_figures& after) {
  personal_records_changed change;
  for (const auto& one : after.setters) {
    const auto* known = find_in(before.setters, one.log_id);
    if (known != nullptr && *known == one) continue;
    add_day(change.days, one.local_date);
    const bool more = known == nullptr || std::ranges::any_of(one.kinds, [&](record_kind kind) {
                        return std::ranges::find(known->kinds, kind) == known->kinds.end();
                      });
    if (more) change.won.push_back(one);
  }
  for (const auto& one : before.setters) {
    if (find_in(after.setters, one.log_id) != nullptr) continue;
    // Those that only fell off the end of a long list keep what they were given.
    if (after.setters.size() >= most_setters && one.at < after.setters.front().at) continue;
    add_day(change.days, one.local_date);
    change.lost.push_back(one.log_id);
  }
  if (change.days.empty()) return std::nullopt;
  return change;
}

task<void> records::set(uuid member, uuid exercise, std::string exercise_name) {
  for (int round = 0; round < most_rounds; ++round) {
    const auto found = co_await rows_.find(member, exercise);
    auto row = found.value_or(personal_record{.id = personal_record_id(member, exercise),
                                              .member_id = member,
                                              .exercise_id = exercise,
                                              .exercise_name = exercise_name});
    const auto logs = co_await logs_.of_exercise(member, exercise);
    row.figures = figures_of(logs);
    if (found && found->figures == row.figures) co_return;
    row.updated_at = time_.now();
    store::events with;
    if (auto change = difference(found ? found->figures : record_figures{}, row.figures)) {
      change->member_id = member;
      change->exercise_id = exercise;
      change->exercise_name = row.exercise_name;
      with.add(*change);
    }
    const bool written = co_await store::wrote_first(rows_.save(std::move(row), std::move(with)));
    if (written) co_return;
  }
  throw store::error{store::failure::busy, "the records of an exercise are being changed by too many at once"};
}

// The first of a day, over all exercises, are worth something.
task<std::map<uuid, std::int64_t>> records::worth_of_days(uuid member, std::vector<schema::local_date> days) {
  std::vector<record_setter> setters;
  std::optional<std::string> after;
  do {
    const auto page = co_await rows_.list(member, 500, after);
    for (const auto& row : page.items) {
      for (const auto& one : row.figures.setters) {
        if (std::ranges::find(days, one.local_date) != days.end()) setters.push_back(one);
      }
    }
    after = page.next;
  } while (after);
  std::ranges::sort(setters, {}, [](const record_setter& one) { return std::tie(one.at, one.log_id); });
  std::map<uuid, std::int64_t> worth;
  std::map<schema::local_date, int> given;
  for (const auto& one : setters) {
    const bool counts = given[one.local_date]++ < points::most_records_a_day;
    worth[one.log_id] = counts ? points::for_record(one.unwitnessed) : 0;
  }
  co_return worth;
}

task<void> records::award(personal_records_changed event) {
  // Another handler may have read older rows and write after this one: only when nothing differs any more is it
  // settled.
  std::optional<std::map<uuid, std::int64_t>> settled;
  for (int round = 0; round < most_rounds; ++round) {
    auto worth = co_await worth_of_days(event.member_id, event.days);
    for (const auto& log : event.lost) worth.try_emplace(log, 0);
    if (settled == worth) co_return;
    for (const auto& [log, points] : worth) {
      points::award_of award{event.member_id, points_source::personal_record, log, points, "personal_record"};
      co_await ledger_.set(std::move(award));
    }
    settled = std::move(worth);
  }
  throw store::error{store::failure::busy, "the records of a day are being changed by too many at once"};
}

}  // namespace nxg::training
