#pragma once

#include "models/exercise.hpp"
#include "runtime/task.hpp"
#include "store/collection.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace nxg::repositories {

/// The exercise library as it is kept. All of it is small enough to be read at once.
class exercises {
 public:
  explicit exercises(store::database& in) : documents_{in} {}

  /// Ordered by name. Errors as of the store.
  task<std::vector<exercise>> all();
  /// Those whose words begin with all the words of `text`, in any order and case; at most 1,000, in no order.
  task<std::vector<uuid>> with_words(std::string text);
  /// When the library changed last; nothing while it is empty.
  task<std::optional<instant>> changed_at();

  /// Writes new ones, and others over the documents of their ids. One outcome per exercise, in order, the new ones
  /// first.
  task<std::vector<store::write_outcome>> write(std::vector<exercise> added, std::vector<exercise> changed);

 private:
  store::collection<exercise> documents_;
};

}  // namespace nxg::repositories
