#include "repositories/census.hpp"

#include "store/undelivered.hpp"

#include <utility>

namespace nxg {

namespace {

constexpr std::size_t asked_at_once = 500;

/// Calls `take` with every document of those ids.
template <class T, class Id>
task<void> each_among(store::collection<T>& in, const std::set<Id>& ids, std::function<void(T&)> take) {
  auto next = ids.begin();
  while (next != ids.end()) {
    std::vector<Id> some;
    for (; next != ids.end() && some.size() < asked_at_once; ++next) some.push_back(*next);
    const std::size_t most = some.size();
    auto found = co_await in.find_page(store::in<&T::id>(some), {}, most);
    for (auto& one : found.items) take(one);
  }
}

template <class T, class Id>
task<std::set<Id>> absent(store::collection<T>& in, std::set<Id> ids) {
  std::set<Id> left = ids;
  std::function<void(T&)> there = [&](T& one) { left.erase(one.id); };
  co_await each_among(in, ids, std::move(there));
  co_return left;
}

}  // namespace

census::census(store::database& in)
    : database_{&in},
      branches_{in},
      users_{in},
      machines_{in},
      visits_{in},
      workouts_{in},
      plans_{in},
      diet_plans_{in},
      segments_{in},
      buckets_{in},
      member_days_{in},
      machine_days_{in},
      meals_{in},
      water_{in},
      nutrition_days_{in},
      scans_{in},
      scan_uploads_{in},
      avatars_{in},
      body_records_{in},
      entries_{in},
      balances_{in},
      logs_{in},
      records_{in},
      overlays_{in},
      inboxes_{in} {}

task<std::set<uuid>> census::unknown(target what, std::set<uuid> ids) {
  switch (what) {
    case target::user: return absent(users_, std::move(ids));
    case target::branch: return absent(branches_, std::move(ids));
    case target::machine: return absent(machines_, std::move(ids));
    case target::visit: return absent(visits_, std::move(ids));
    case target::meal: return absent(meals_, std::move(ids));
    case target::scan: return absent(scans_, std::move(ids));
    case target::workout: break;
  }
  return absent(workouts_, std::move(ids));
}

task<std::set<std::string>> census::without_member_day(std::set<std::string> ids) {
  return absent(member_days_, std::move(ids));
}
task<std::set<std::string>> census::without_machine_day(std::set<std::string> ids) {
  return absent(machine_days_, std::move(ids));
}
task<std::set<uuid>> census::without_balance(std::set<uuid> members) { return absent(balances_, std::move(members)); }

task<std::map<uuid, points_entry>> census::entries_among(std::set<uuid> ids) {
  std::map<uuid, points_entry> found;
  std::function<void(points_entry&)> take = [&](points_entry& one) { found.emplace(one.id, std::move(one)); };
  co_await each_among(entries_, ids, std::move(take));
  co_return found;
}

task<bool> census::workout_has_undelivered(uuid id) {
  const auto events = co_await store::undelivered_of(*database_, workouts_.name(), id.to_string());
  co_return !events.empty();
}

task<bool> census::account_has_undelivered(uuid id) {
  const auto events = co_await store::undelivered_of(*database_, users_.name(), id.to_string());
  co_return !events.empty();
}

task<bool> census::diaries_have_undelivered() {
  const auto of_meals = co_await store::count_undelivered(*database_, meals_.name());
  const auto of_water = co_await store::count_undelivered(*database_, water_.name());
  co_return of_meals + of_water > 0;
}

task<bool> census::logs_have_undelivered() {
  const auto count = co_await store::count_undelivered(*database_, logs_.name());
  co_return count > 0;
}

task<std::vector<uuid>> census::undelivered_of_entry(uuid id) {
  return store::undelivered_of(*database_, entries_.name(), id.to_string());
}

}  // namespace nxg
