#pragma once

#include "models/audit_record.hpp"
#include "store/collection.hpp"

#include <functional>
#include <string>
#include <vector>

namespace nxg {

class audit_repository {
 public:
  explicit audit_repository(store::database& in) : records_{in}, pseudonyms_{in} {}

  /// Which of them are there now: those that were there already count as written. Throws where that is not known of
  /// any, and `schema::unwritable`, before any is written, where one of them is no document.
  task<std::vector<bool>> append(std::vector<audit_record> records);
  /// Of one chain, in order, to `take`.
  task<void> each_of(std::string chain, std::function<void(const audit_record&)> take);
  /// Newest first; at most `limit` (1 to 1,000).
  task<std::vector<audit_record>> about(uuid subject_pseudonym, std::size_t limit);

  /// The pseudonym of an account: `fresh` where it had none.
  task<uuid> pseudonym_of(uuid account, uuid fresh);

 private:
  store::collection<audit_record> records_;
  store::collection<pseudonym> pseudonyms_;
};

}  // namespace nxg
