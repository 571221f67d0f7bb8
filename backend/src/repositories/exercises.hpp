#pragma once

#include "models/exercise.hpp"
#include "runtime/task.hpp"
#include "store/collection.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace nxg::repositories {

/// The exercise library as it is kept. All of it is small enough to be read at once.
class exercises {
 public:
  explicit exercises(store::database& in) : documents_{in} {}

  /// Ordered by name. Errors as of the store.
  task<std::vector<exercise>> all();
  /// When the library changed last; nothing while it is empty.
  task<std::optional<instant>> changed_at();

  /// Writes what was read with version 0 as new and the rest over the document of its id. Returns one outcome per
  /// exercise, in order.
  task<std::vector<store::write_outcome>> write(std::vector<exercise> many);

 private:
  store::collection<exercise> documents_;
};

}  // namespace nxg::repositories
