#pragma once

#include "models/food.hpp"
#include "runtime/task.hpp"
#include "store/collection.hpp"

#include <optional>
#include <vector>

namespace nxg::repositories {

/// The food database as it is kept. Errors as of the store.
class foods {
 public:
  explicit foods(store::database& in) : documents_{in} {}

  task<std::optional<food>> find(uuid id);
  /// Those of the ids that are there, in no order; at most 1,000 ids.
  task<std::vector<food>> find_all(std::vector<uuid> ids);
  /// When the database changed last; nothing while it is empty.
  task<std::optional<instant>> changed_at();

  task<std::vector<food>> all();
  /// Writes new ones, and others over the documents of their ids. One outcome per food, in order, the new ones first.
  task<std::vector<store::write_outcome>> write(std::vector<food> added, std::vector<food> changed);

 private:
  store::collection<food> documents_;
};

}  // namespace nxg::repositories
