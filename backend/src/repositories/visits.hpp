#pragma once

#include "models/visit.hpp"
#include "runtime/task.hpp"
#include "store/collection.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nxg {

class visit_repository {
 public:
  explicit visit_repository(store::database& in) : visits_{in}, claims_{in} {}

  /// Uses up a check-in code. False when this member used it before for another visit.
  task<bool> claim_code(check_in_claim claim);
  /// Throws a duplicate of "one_active_visit", or of "id" when it was inserted before.
  task<void> insert(visit made);
  task<std::optional<visit>> find(uuid id) { return visits_.find(id); }
  task<std::optional<visit>> active_of(uuid member);
  /// Newest first.
  task<store::page<visit>> history(uuid member, std::size_t limit, std::optional<std::string> after);

  /// Names the machine in the visit. False when the visit is not active.
  task<bool> set_link(uuid id, machine_use use);
  task<void> clear_link(uuid id, uuid link_id);

  /// Ends it. Nothing when it is not active (any more).
  task<std::optional<visit>> end(uuid id, uuid member, uuid branch, visit_state state, visit_end reason, instant at);
  /// Active visits of a branch, who came first at first; at most that many.
  task<std::vector<visit>> in_branch(uuid branch, std::size_t limit);
  /// How many there are.
  task<std::uint64_t> count_in_branch(uuid branch);
  /// Active visits whose time was up by `now`.
  task<std::vector<visit>> due(instant now);

 private:
  store::collection<visit> visits_;
  store::collection<check_in_claim> claims_;
};

}  // namespace nxg
