#include "repositories/visits.hpp"

#include <algorithm>

namespace nxg {

using store::change;
using store::eq;

task<bool> visit_repository::claim_code(check_in_claim claim) {
  bool taken = false;
  try {
    co_await claims_.insert(claim);
  } catch (const store::error& error) {
    if (!error.is(store::failure::duplicate)) throw;
    taken = true;
  }
  if (!taken) co_return true;
  const auto first = co_await claims_.find(claim.id);
  co_return first && first->visit_id == claim.visit_id;
}

task<void> visit_repository::insert(visit made) {
  auto event = store::emit(visit_started{made.id, made.member_id, made.branch_id, made.check_in_at});
  return visits_.insert(std::move(made), std::move(event));
}

task<std::optional<visit>> visit_repository::active_of(uuid member) {
  return visits_.find_one(eq<&visit::member_id>(member) && eq<&visit::state>(visit_state::active));
}

task<store::page<visit>> visit_repository::history(uuid member, std::size_t limit, std::optional<std::string> after) {
  return visits_.find_page(eq<&visit::member_id>(member), store::sort<visit>().descending<&visit::check_in_at>(), limit,
                           std::move(after));
}

task<bool> visit_repository::set_link(uuid id, machine_use use) {
  constexpr std::size_t most_uses = 100;
  auto open =
      eq<&visit::state>(visit_state::active) && store::lacks<&visit::machines_used, &machine_use::link_id>(use.link_id);
  auto what = change<visit>().set<&visit::link>(use).push_keep_last<&visit::machines_used>(use, most_uses);
  const bool set = co_await visits_.update(id, std::move(open), std::move(what));
  if (set) co_return true;
  const auto now = co_await visits_.find(id);
  co_return now &&
      now->state == visit_state::active&& std::ranges::find(now->machines_used, use.link_id, &machine_use::link_id) !=
          now->machines_used.end();
}

task<void> visit_repository::clear_link(uuid id, uuid link_id) {
  co_await visits_.update(id, eq<&visit::link, &machine_use::link_id>(link_id), change<visit>().unset<&visit::link>());
}

task<std::optional<visit>> visit_repository::end(uuid id, uuid member, uuid branch, visit_state state, visit_end reason,
                                                 instant at) {
  return visits_.update_get_after(
      eq<&visit::id>(id) && eq<&visit::state>(visit_state::active),
      change<visit>().set<&visit::state>(state).set<&visit::end_reason>(reason).set<&visit::check_out_at>(at).emit(
          visit_ended{id, member, branch, reason, at}));
}

task<std::vector<visit>> visit_repository::in_branch(uuid branch, std::size_t limit) {
  auto found = co_await visits_.find_page(eq<&visit::branch_id>(branch) && eq<&visit::state>(visit_state::active),
                                          store::sort<visit>().ascending<&visit::check_in_at>(), limit);
  co_return std::move(found.items);
}

task<std::uint64_t> visit_repository::count_in_branch(uuid branch) {
  return visits_.count(eq<&visit::branch_id>(branch) && eq<&visit::state>(visit_state::active));
}

task<std::vector<visit>> visit_repository::due(instant now) {
  auto found =
      co_await visits_.find_page(eq<&visit::state>(visit_state::active) && store::lte<&visit::auto_end_at>(now),
                                 store::sort<visit>().ascending<&visit::auto_end_at>(), 1'000);
  co_return std::move(found.items);
}

}  // namespace nxg
