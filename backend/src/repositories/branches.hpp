#pragma once

#include "models/branch.hpp"
#include "runtime/task.hpp"
#include "store/collection.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nxg {

class branch_repository {
 public:
  explicit branch_repository(store::database& in) : branches_{in}, screens_{in} {}

  /// Throws a duplicate of "name", or of "id" when it was inserted before.
  task<void> insert(branch made) { return branches_.insert(std::move(made)); }
  task<std::optional<branch>> find(uuid id) { return branches_.find(id); }
  /// Those of at most 1,000 ids that there are and that are active.
  task<std::vector<branch>> active_among(std::vector<uuid> ids);
  /// Active ones by name, of one city where it is given.
  task<store::page<branch>> list(std::optional<std::string> city, std::size_t limit, std::optional<std::string> after);

  task<void> insert_screen(screen made) { return screens_.insert(std::move(made)); }
  task<std::optional<screen>> find_screen(uuid id) { return screens_.find(id); }
  /// Those that were not removed, newest first.
  task<store::page<screen>> screens_of(uuid branch, std::size_t limit, std::optional<std::string> after);
  /// Those of that name that were not removed.
  task<std::vector<screen>> screens_named(uuid branch, std::string name);
  task<void> remove_screen(uuid id, instant at);

 private:
  store::collection<branch> branches_;
  store::collection<screen> screens_;
};

}  // namespace nxg
