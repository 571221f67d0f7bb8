#pragma once

#include "models/machine.hpp"
#include "runtime/task.hpp"
#include "store/collection.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nxg {

/// Machines, and in them their links. Every write here is one atomic, conditional update; those that make another
/// status of a machine set when that was, and only they tell of it.
class machine_repository {
 public:
  explicit machine_repository(store::database& in) : machines_{in} {}

  /// Throws a duplicate of "qr_code", or "id".
  task<void> insert(machine made) { return machines_.insert(std::move(made)); }
  task<std::optional<machine>> find(uuid id) { return machines_.find(id); }
  task<std::optional<machine>> find_by_code(std::string qr_code);
  /// The machine this member is linked to, also by a link that ran out.
  task<std::optional<machine>> linked_to(uuid member);
  /// Of a branch by name, at most 1,000.
  task<std::vector<machine>> of_branch(uuid branch);

  task<machine> set_condition(uuid id, machine_condition condition, instant at);
  task<machine> set_secret(uuid id, std::string secret_hash);

  /// Puts the link into a machine that is in service and has none, or one that ran out before `now`. False when that
  /// does not hold; a duplicate of "one_machine_per_member" when the member has another machine.
  task<bool> claim(uuid id, uuid branch, machine_link link, instant now);
  /// Takes the link out if it is still that one. False when it is not.
  task<bool> release(uuid id, uuid branch, machine_link link, link_end reason, instant at);
  task<void> renew(uuid id, uuid link_id, instant expires_at);

  /// A machine connected: its number, and what it is now.
  task<machine> connected(uuid id, signs_of_life told, instant at);
  /// A sign of life; nothing when `connection` is given and a newer one exists.
  task<std::optional<machine>> heard_of(uuid id, std::optional<std::int64_t> connection, signs_of_life told,
                                        instant at);
  /// Marks machines offline that were last heard of before `cutoff`; how many.
  task<std::size_t> mark_offline(instant cutoff, instant now);

  /// Machines whose link ran out by `now`.
  task<std::vector<machine>> with_expired_links(instant now);
  /// Machines with links made in [from, to).
  task<std::vector<machine>> linked_between(instant from, instant to);

 private:
  /// A write, and what it makes of the machine.
  struct alteration {
    store::changes<machine> what;
    machine after;
  };
  using alter_by = std::function<std::optional<alteration>(const machine& before)>;

  /// Writes what `how` makes of the machine as it is; nothing when it makes nothing of it, or there is no such machine.
  task<std::optional<machine>> alter(uuid id, instant at, alter_by how);

  store::collection<machine> machines_;
};

}  // namespace nxg
