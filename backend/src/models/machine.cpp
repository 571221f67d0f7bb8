#include "models/machine.hpp"

#include <algorithm>

namespace nxg {

store::declaration<machine> declare(store::tag<machine>) {
  using namespace store;
  return {
      .name = "machines",
      .schema = 1,
      .shard = unsharded("a chain has thousands of machines; who is linked is unique over all of them"),
      .owner = nobodys("a machine is the operator's; its link is gone minutes after the training"),
      .exported = not_exported("workouts say where a member trained"),
      .erased = not_erased("an erased member's visit has ended, and with it the link"),
      .kept = kept_for_good("workouts refer to it"),
      .indexes = {index_of<machine>("one_machine_per_member").on<&machine::link, &machine_link::member_id>().unique(),
                  index_of<machine>("by_branch").on<&machine::branch_id>().on<&machine::name>(),
                  index_of<machine>("qr_code").on<&machine::qr_code>().unique(),
                  index_of<machine>("by_link_expiry").on<&machine::link, &machine_link::expires_at>(),
                  index_of<machine>("by_link_since").on<&machine::link, &machine_link::since>(),
                  index_of<machine>("heard_of").on<&machine::last_heartbeat_at>().where(eq<&machine::online>(true))},
      .events = carries<machine_linked, machine_unlinked, machine_status_changed>()};
}

store::event_declaration<machine_linked> declare(store::tag<machine_linked>) {
  return {.name = "machine_linked", .schema = 1};
}
store::event_declaration<machine_unlinked> declare(store::tag<machine_unlinked>) {
  return {.name = "machine_unlinked", .schema = 1};
}
store::event_declaration<machine_status_changed> declare(store::tag<machine_status_changed>) {
  return {.name = "machine_status_changed", .schema = 1};
}

const machine_link* live_link(const machine& what, instant now) noexcept {
  return what.link && what.link->expires_at > now ? &*what.link : nullptr;
}

instant status_since_of(const machine& what, instant now) noexcept {
  const bool ran_out = what.link && what.link->expires_at <= now && what.condition == machine_condition::in_service;
  return ran_out ? std::max(what.status_since, what.link->expires_at) : what.status_since;
}

machine_status status_of(const machine& what, instant now) noexcept {
  switch (what.condition) {
    case machine_condition::maintenance: return machine_status::maintenance;
    case machine_condition::out_of_order: return machine_status::out_of_order;
    case machine_condition::in_service: break;
  }
  // A machine that lost its network is still trained on: its link outlives its connection.
  if (live_link(what, now) != nullptr) return machine_status::occupied;
  return what.online ? machine_status::available : machine_status::offline;
}

}  // namespace nxg
