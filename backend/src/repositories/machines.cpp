#include "repositories/machines.hpp"

namespace nxg {
namespace {

constexpr std::size_t most_at_once = 1'000;

using store::absent;
using store::change;
using store::eq;
using store::lt;
using store::lte;

void add_signs(store::changes<machine>& to, const signs_of_life& told) {
  if (told.firmware) to.set<&machine::firmware>(told.firmware);
  if (told.clock_offset_ms) to.set<&machine::clock_offset_ms>(told.clock_offset_ms);
}

}  // namespace

task<std::optional<machine>> machine_repository::find_by_code(std::string qr_code) {
  return machines_.find_one(eq<&machine::qr_code>(qr_code));
}

task<std::optional<machine>> machine_repository::linked_to(uuid member) {
  return machines_.find_one(eq<&machine::link, &machine_link::member_id>(member));
}

task<std::vector<machine>> machine_repository::of_branch(uuid branch) {
  auto found = co_await machines_.find_page(eq<&machine::branch_id>(branch),
                                            store::sort<machine>().ascending<&machine::name>(), most_at_once);
  co_return std::move(found.items);
}

task<machine> machine_repository::set_condition(uuid id, uuid branch, machine_condition condition, instant at) {
  return machines_.update_get_after(
      id, change<machine>().set<&machine::condition>(condition).set<&machine::status_since>(at).emit(
              machine_status_changed{id, branch, at}));
}

task<machine> machine_repository::set_secret(uuid id, std::string secret_hash) {
  return machines_.update_get_after(
      id, change<machine>().set<&machine::secret_hash>(secret_hash).inc<&machine::secret_version>(1));
}

task<bool> machine_repository::claim(uuid id, uuid branch, machine_link link, instant now) {
  auto free = eq<&machine::condition>(machine_condition::in_service) &&
              (absent<&machine::link>() || lte<&machine::link, &machine_link::expires_at>(now));
  auto what = change<machine>().set<&machine::link>(link).set<&machine::status_since>(now).emit(
      machine_linked{id, branch, link}, machine_status_changed{id, branch, now});
  return machines_.update(id, std::move(free), std::move(what));
}

task<bool> machine_repository::release(uuid id, uuid branch, machine_link link, link_end reason, instant at) {
  auto what = change<machine>().unset<&machine::link>().set<&machine::status_since>(at).emit(
      machine_unlinked{id, branch, link, reason, at}, machine_status_changed{id, branch, at});
  return machines_.update(id, eq<&machine::link, &machine_link::link_id>(link.link_id), std::move(what));
}

task<void> machine_repository::renew(uuid id, uuid link_id, instant expires_at) {
  co_await machines_.update(id, eq<&machine::link, &machine_link::link_id>(link_id),
                            change<machine>().set<&machine::link, &machine_link::expires_at>(expires_at));
}

task<machine> machine_repository::connected(uuid id, signs_of_life told, instant at) {
  const auto before = co_await machines_.get(id);
  auto what =
      change<machine>().inc<&machine::connection>(1).set<&machine::online>(true).set<&machine::last_heartbeat_at>(at);
  add_signs(what, told);
  if (!before.online)
    static_cast<void>(what.set<&machine::status_since>(at).emit(machine_status_changed{id, before.branch_id, at}));
  co_return co_await machines_.update_get_after(id, std::move(what));
}

task<std::optional<machine>> machine_repository::heard_of(uuid id, std::optional<std::int64_t> connection,
                                                          signs_of_life told, instant at) {
  auto mine = eq<&machine::id>(id);
  if (connection) mine = std::move(mine) && eq<&machine::connection>(*connection);
  const auto signs = [&] {
    auto what = change<machine>().set<&machine::last_heartbeat_at>(at).set<&machine::online>(true);
    add_signs(what, told);
    return what;
  };
  // Nearly every heartbeat is of a machine that is online: it changes nothing that anyone must be told.
  auto now = co_await machines_.update_get_after(mine && eq<&machine::online>(true), signs());
  if (now) co_return now;
  const auto before = co_await machines_.find(id);
  if (!before) co_return std::nullopt;
  co_return co_await machines_.update_get_after(
      std::move(mine), signs().set<&machine::status_since>(at).emit(machine_status_changed{id, before->branch_id, at}));
}

task<std::size_t> machine_repository::mark_offline(instant cutoff, instant now) {
  const auto silent = eq<&machine::online>(true) && lt<&machine::last_heartbeat_at>(cutoff);
  const auto found = co_await machines_.find_page(
      silent, store::sort<machine>().ascending<&machine::last_heartbeat_at>(), most_at_once);
  std::size_t marked = 0;
  for (const auto& one : found.items) {
    auto what = change<machine>().set<&machine::online>(false).set<&machine::status_since>(now).emit(
        machine_status_changed{one.id, one.branch_id, now});
    const bool changed = co_await machines_.update(one.id, silent, std::move(what));
    if (changed) ++marked;
  }
  co_return marked;
}

task<std::vector<machine>> machine_repository::with_expired_links(instant now) {
  auto found = co_await machines_.find_page(
      lte<&machine::link, &machine_link::expires_at>(now),
      store::sort<machine>().ascending<&machine::link, &machine_link::expires_at>(), most_at_once);
  co_return std::move(found.items);
}

task<std::vector<machine>> machine_repository::linked_between(instant from, instant to) {
  auto found = co_await machines_.find_page(store::between<&machine::link, &machine_link::since>(from, to),
                                            store::sort<machine>().ascending<&machine::link, &machine_link::since>(),
                                            most_at_once);
  co_return std::move(found.items);
}

}  // namespace nxg
