#pragma once

#include "models/body_metrics.hpp"
#include "runtime/task.hpp"
#include "store/collection.hpp"

#include <optional>
#include <string>

namespace nxg {

/// A stretch of time, both ends in it.
struct body_record_range {
  instant from{};
  instant to{};
};

/// The history of members' bodies. Errors are those of the store.
class body_record_repository {
 public:
  explicit body_record_repository(store::database& in) : records_{in} {}

  /// Repeating it with the same id changes nothing.
  task<void> keep(body_record record);
  task<std::optional<body_record>> find(uuid id) { return records_.find(id); }
  /// Newest first.
  task<store::page<body_record>> history(uuid member, body_record_range within, std::size_t limit,
                                         std::optional<std::string> after);
  task<std::optional<body_record>> oldest(uuid member, body_record_range within);

 private:
  store::collection<body_record> records_;
};

}  // namespace nxg
