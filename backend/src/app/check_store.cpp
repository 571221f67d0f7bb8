// check-store: whether the store is whole, and what is derived in it right.

#include "app/commands.hpp"
#include "app/identity.hpp"
#include "app/workbench.hpp"
#include "coordination/in_process.hpp"
#include "repositories/census.hpp"
#include "services/points/ledger.hpp"
#include "services/points/meal_awards.hpp"
#include "services/training/records.hpp"
#include "services/upkeep/body_history.hpp"
#include "services/upkeep/derived.hpp"
#include "services/upkeep/derived_diaries.hpp"
#include "services/upkeep/records_check.hpp"
#include "services/upkeep/references.hpp"
#include "services/workouts/projections.hpp"
#include "store/undelivered.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

namespace nxg::app {

namespace {

/// What is not as it should be with the store itself, a sentence each.
struct foundations {
  std::vector<std::string> damage;
  std::vector<std::string> missing;  ///< indexes and collections
  bool made = false;                 ///< there is a collection at all
};

task<> look_at_foundations(storage& kept, foundations& into) {
  into.damage = co_await kept.documents.check();
  for (const auto& rules : kept.database.collections()) {
    const auto& name = rules->spec->name;
    const auto missing = co_await kept.documents.engine->missing(rules->spec);
    const bool whole = std::ranges::find(missing, name) == missing.end();
    into.made = into.made || whole;
    if (!whole) {
      into.missing.push_back(fmt::format("The collection {} is missing", name));
    } else if (!missing.empty()) {
      into.missing.push_back(fmt::format("{} lacks its index {}", name, fmt::join(missing, ", ")));
    }
  }
}

/// What is kept in the store, against itself.
class contents {
 public:
  explicit contents(workbench& bench)
      : bench_{bench},
        shared_{coordination::make_in_process(bench.on.time)},
        people_{bench.values, bench.on, bench.kept, *shared_} {}

  task<> check(bool rebuild) {
    co_await store::prepare(bench_.kept.database);
    co_await people_.keys.start();
    co_await upkeep::check_references(all_, found);
    // Meals first: what they are worth moves balances.
    co_await diaries_.check(found, rebuild);
    co_await rules_.check(found, rebuild);
    co_await upkeep::check_body_history(all_, bench_.kept.users, bench_.kept.body_records, found, rebuild);
    co_await upkeep::check_personal_records(all_, bench_.kept.exercise_logs, records_, found, rebuild);
    for (const auto& rules : bench_.kept.database.collections())
      undelivered += co_await store::count_undelivered(bench_.kept.database, rules->spec->name);
  }

  upkeep::findings found;
  std::uint64_t undelivered = 0;

 private:
  workbench& bench_;
  std::unique_ptr<coordination::coordinator> shared_;
  identity people_;
  census all_{bench_.kept.database};
  workouts::projections rows_{bench_.kept.workouts, bench_.kept.day_rows, bench_.on.time};
  points::ledger ledger_{bench_.kept.points, bench_.kept.workouts, bench_.on.time};
  training::records records_{bench_.kept.exercise_logs, bench_.kept.personal_records, ledger_, bench_.on.time};
  upkeep::derived rules_{all_,    bench_.kept.workouts, bench_.kept.day_rows, bench_.kept.points, rows_,
                         ledger_, bench_.on.time};
  meals::balance days_{bench_.kept.meals, [](uuid) -> task<std::optional<user>> { co_return std::nullopt; },
                       [](user) -> task<meals::nutrition_targets> { co_return meals::nutrition_targets{}; },
                       bench_.on.time};
  points::meal_awards awards_{bench_.kept.points, bench_.kept.meals, bench_.on.time};
  upkeep::derived_diaries diaries_{all_, bench_.kept.meals, bench_.kept.points, days_, awards_};
};

void print(const upkeep::findings& found) {
  for (const auto& [fault, one] : found.faults) {
    const bool all_rebuilt = one.rebuilt == one.count;
    fmt::print("{} {} (e.g. {}){}\n", one.count, fault, fmt::join(one.examples, ", "), all_rebuilt ? ": rebuilt" : "");
  }
  if (found.behind > 0)
    fmt::print(
        "{} derived documents are behind: events are still to be delivered. Start the backend, then check again\n",
        found.behind);
}

}  // namespace

int check_store(const settings& values, bool rebuild) {
  workbench bench{values, store_use::maintain};
  foundations below;
  bench.on.run_to_end(look_at_foundations(bench.kept, below));
  for (const auto& sentence : below.damage) fmt::print("{}\n", sentence);
  if (!below.damage.empty()) {
    fmt::print("The store's file is damaged\n");
    return 1;
  }
  if (!below.made) {
    fmt::print("The store is empty: nothing has been made in it yet\n");
    return 1;
  }
  for (const auto& sentence : below.missing) fmt::print("{}{}\n", sentence, rebuild ? ": made" : "");
  if (!below.missing.empty() && !rebuild) {
    fmt::print("The store lacks what this program needs: run nxg-connect migrate, or check-store --rebuild\n");
    return 1;
  }

  contents inside{bench};
  bench.on.run_to_end(inside.check(rebuild));
  print(inside.found);
  if (inside.undelivered > 0)
    fmt::print("{} documents have events that are still to be delivered\n", inside.undelivered);
  const auto remaining = inside.found.remaining();
  fmt::print("Looked at {} documents: {}\n", inside.found.documents,
             remaining == 0 ? "the store is sound" : fmt::format("{} faults remain", remaining));
  return remaining == 0 ? 0 : 1;
}

}  // namespace nxg::app
