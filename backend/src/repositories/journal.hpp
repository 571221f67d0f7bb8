#pragma once

#include "models/journal_segment.hpp"
#include "runtime/task.hpp"
#include "store/collection.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg {

class journal_repository {
 public:
  explicit journal_repository(store::database& in) : segments_{in} {}

  /// Throws a duplicate of "id" when it was inserted before.
  task<void> insert(journal_segment made) { return segments_.insert(std::move(made)); }
  /// Oldest first, those inserted at `until` or before.
  task<store::page<journal_segment>> oldest(instant until, std::size_t limit, std::optional<std::string> after = {});
  task<void> remove(std::vector<uuid> ids);
  task<std::uint64_t> count() { return segments_.count(); }

 private:
  store::collection<journal_segment> segments_;
};

}  // namespace nxg
