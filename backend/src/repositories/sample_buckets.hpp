#pragma once

#include "models/sample_bucket.hpp"
#include "runtime/task.hpp"
#include "store/collection.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nxg {

class sample_bucket_repository {
 public:
  explicit sample_bucket_repository(store::database& in) : buckets_{in} {}

  /// Those of at most 1,000 ids that exist.
  task<std::vector<sample_bucket>> find(std::vector<std::string> ids);
  /// Writes rows as they were read (version 0: new) and merged. The ids of those that changed meanwhile and were not
  /// written come back: read them again.
  task<std::vector<std::string>> save(std::vector<sample_bucket> rows);
  /// The buckets that hold samples of a link, by id.
  task<store::page<sample_bucket>> of_link(uuid link_id, std::size_t limit, std::optional<std::string> after);

 private:
  store::collection<sample_bucket> buckets_;
};

}  // namespace nxg
