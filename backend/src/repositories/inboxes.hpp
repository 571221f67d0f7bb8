#pragma once

#include "models/inbox.hpp"
#include "runtime/task.hpp"
#include "store/collection.hpp"

#include <optional>
#include <utility>

namespace nxg {

class inbox_repository {
 public:
  explicit inbox_repository(store::database& in) : inboxes_{in} {}

  task<std::optional<inbox>> find(uuid member) { return inboxes_.find(member); }
  /// Writes it as it was read (version 0: new) and changed. Throws version_conflict when it changed meanwhile.
  task<void> save(inbox changed) { return inboxes_.save(std::move(changed)); }

 private:
  store::collection<inbox> inboxes_;
};

}  // namespace nxg
