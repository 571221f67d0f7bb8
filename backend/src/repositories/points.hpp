#pragma once

#include "models/points.hpp"
#include "runtime/task.hpp"
#include "store/collection.hpp"

#include <optional>
#include <string>
#include <utility>

namespace nxg {

class points_repository {
 public:
  explicit points_repository(store::database& in) : entries_{in}, balances_{in} {}

  task<std::optional<points_entry>> find_entry(uuid id) { return entries_.find(id); }
  /// Writes the entry as it was read (version 0: new) and changed, with the event that moves the balance. Throws
  /// version_conflict when it changed meanwhile.
  task<void> save_entry(points_entry entry, points_changed event);
  /// Newest first.
  task<store::page<points_entry>> entries(uuid member, std::size_t limit, std::optional<std::string> after);

  task<std::optional<points_balance>> find_balance(uuid member) { return balances_.find(member); }
  /// Writes a balance as it was read (version 0: new) and counted anew. Throws version_conflict when it changed
  /// meanwhile.
  task<void> save_balance(points_balance balance) { return balances_.save(std::move(balance)); }
  /// Moves the balance, once per event, and returns it.
  task<points_balance> apply(uuid member, std::int64_t difference, uuid event, instant now);

 private:
  store::collection<points_entry> entries_;
  store::collection<points_balance> balances_;
};

}  // namespace nxg
