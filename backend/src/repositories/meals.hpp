#pragma once

#include "models/meal.hpp"
#include "models/nutrition_day.hpp"
#include "runtime/task.hpp"
#include "store/collection.hpp"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nxg::repositories {

/// Food diaries: meals, water, and what each day comes to. Errors are those of the store.
class meals {
 public:
  explicit meals(store::database& in) : meals_{in}, water_{in}, days_{in} {}

  /// True when it was written; false when a meal of that id is there already (an earlier try of the same request).
  task<bool> insert(meal made, store::events with);
  task<std::optional<meal>> find(uuid id) { return meals_.find(id); }
  /// Nothing for another member's.
  task<std::optional<meal>> find(uuid member, uuid id);
  /// Reads the meal, lets `make` change it, and writes it at the version it had, with the events `make` returns; again
  /// from the start when it changed meanwhile. `make` may say `std::nullopt`: leave it. Nothing when there is no such
  /// meal; else the meal as it is now.
  using change = std::function<std::optional<store::events>(meal&)>;
  task<std::optional<meal>> update(uuid member, uuid id, change make);
  /// Removes it, if it is still at that version.
  task<void> remove(const meal& gone, store::events with);

  /// Newest first, dates in [from, to].
  task<store::page<meal>> history(uuid member, schema::local_date from, schema::local_date to, std::size_t limit,
                                  std::optional<std::string> after);
  /// All of one day, newest first.
  task<std::vector<meal>> of_day(uuid member, schema::local_date date);
  task<std::uint64_t> count_of_day(uuid member, schema::local_date date);
  /// The last photographed meals, newest first.
  task<std::vector<meal>> with_pictures(uuid member, std::size_t most);
  /// The pictures that meals of these ids name.
  task<std::set<std::string>> pictures_of(std::vector<uuid> ids);
  /// Meals whose picture is to be looked at by now, the longest waiting first.
  task<std::vector<meal>> waiting(instant now, std::size_t most);

  /// As `insert` of a meal.
  task<bool> insert(water_entry made, store::events with);
  task<std::vector<water_entry>> water_of_day(uuid member, schema::local_date date);

  task<std::optional<nutrition_day>> find_day(uuid member, schema::local_date date);
  /// As it was read (version 0: new). Throws version_conflict when it changed.
  task<void> save(nutrition_day row) { return days_.save(std::move(row)); }
  /// Newest first, dates in [from, to].
  task<store::page<nutrition_day>> days(uuid member, schema::local_date from, schema::local_date to, std::size_t limit,
                                        std::optional<std::string> after);

 private:
  store::collection<meal> meals_;
  store::collection<water_entry> water_;
  store::collection<nutrition_day> days_;
};

}  // namespace nxg::repositories
