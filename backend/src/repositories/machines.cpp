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

/// Its status as it was read, and from whom.
store::filter<machine> is_still(const machine& read) {
  auto same = eq<&machine::id>(read.id) && eq<&machine::condition>(read.condition) &&
              eq<&machine::online>(read.online) && eq<&machine::connection>(read.connection);
  same = read.last_heartbeat_at ? std::move(same) && eq<&machine::last_heartbeat_at>(*read.last_heartbeat_at)
                                : std::move(same) && absent<&machine::last_heartbeat_at>();
  if (read.link)
    return std::move(same) && eq<&machine::link, &machine_link::link_id>(read.link->link_id) &&
           eq<&machine::link, &machine_link::expires_at>(read.link->expires_at);
  return std::move(same) && absent<&machine::link>();
}

/// Since when people are to be shown another status than they were; nothing where they are not.
std::optional<instant> another_status_since(const machine& before, const machine& after, instant at) {
  if (status_of(before, at) != status_of(after, at)) return at;
  // It became free when its link ran out, which nobody was told of yet.
  const auto since = status_since_of(before, at);
  return since != before.status_since ? std::optional{since} : std::nullopt;
}

}  // namespace

task<std::optional<machine>> machine_repository::alter(uuid id, instant at, alter_by how) {
  constexpr int most_tries = 16;
  for (int tries = 0; tries < most_tries; ++tries) {
    const auto before = co_await machines_.find(id);
    if (!before) co_return std::nullopt;
    auto next = how(*before);
    if (!next) co_return std::nullopt;
    if (const auto since = another_status_since(*before, next->after, at)) {
      static_cast<void>(
          next->what.set<&machine::status_since>(*since).emit(machine_status_changed{id, before->branch_id, at}));
    }
    auto same = is_still(*before);
    auto now = co_await machines_.update_get_after(std::move(same), std::move(next->what));
    if (now) co_return now;
  }
  throw store::error{store::failure::busy, "a machine changes faster than it can be written"};
}

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

task<machine> machine_repository::set_condition(uuid id, machine_condition condition, instant at) {
  alter_by how = [condition](const machine& before) -> std::optional<alteration> {
    auto after = before;
    after.condition = condition;
    return alteration{change<machine>().set<&machine::condition>(condition), std::move(after)};
  };
  auto now = co_await alter(id, at, std::move(how));
  if (!now) throw store::error{store::failure::not_found, "there is no such machine"};
  co_return *std::move(now);
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
  const machine_unlinked event{id, branch, link, reason, at};
  alter_by how = [&event](const machine& before) -> std::optional<alteration> {
    if (!before.link || before.link->link_id != event.link.link_id) return std::nullopt;
    // Samples have renewed it since it was found to have run out.
    if (event.reason == link_end::idle && before.link->expires_at > event.at) return std::nullopt;
    auto after = before;
    after.link.reset();
    return alteration{change<machine>().unset<&machine::link>().emit(event), std::move(after)};
  };
  const auto now = co_await alter(id, at, std::move(how));
  co_return now.has_value();
}

task<void> machine_repository::renew(uuid id, uuid link_id, instant expires_at) {
  co_await machines_.update(id, eq<&machine::link, &machine_link::link_id>(link_id),
                            change<machine>().set<&machine::link, &machine_link::expires_at>(expires_at));
}

task<machine> machine_repository::connected(uuid id, signs_of_life told, instant at) {
  alter_by how = [&told, at](const machine& before) -> std::optional<alteration> {
    auto after = before;
    after.online = true;
    auto what =
        change<machine>().inc<&machine::connection>(1).set<&machine::online>(true).set<&machine::last_heartbeat_at>(at);
    add_signs(what, told);
    return alteration{std::move(what), std::move(after)};
  };
  auto now = co_await alter(id, at, std::move(how));
  if (!now) throw store::error{store::failure::not_found, "there is no such machine"};
  co_return *std::move(now);
}

task<std::optional<machine>> machine_repository::heard_of(uuid id, std::optional<std::int64_t> connection,
                                                          signs_of_life told, instant at) {
  const auto signs = [&] {
    auto what = change<machine>().set<&machine::last_heartbeat_at>(at).set<&machine::online>(true);
    add_signs(what, told);
    return what;
  };
  // Nearly every heartbeat is of a machine that is online: it changes nothing that anyone must be told.
  auto known_online = eq<&machine::id>(id) && eq<&machine::online>(true);
  if (connection) known_online = std::move(known_online) && eq<&machine::connection>(*connection);
  auto now = co_await machines_.update_get_after(std::move(known_online), signs());
  if (now) co_return now;
  alter_by how = [&](const machine& before) -> std::optional<alteration> {
    if (connection && before.connection != *connection) return std::nullopt;
    auto after = before;
    after.online = true;
    return alteration{signs(), std::move(after)};
  };
  co_return co_await alter(id, at, std::move(how));
}

task<std::size_t> machine_repository::mark_offline(instant cutoff, instant now) {
  auto silent = eq<&machine::online>(true) && lt<&machine::last_heartbeat_at>(cutoff);
  const auto found = co_await machines_.find_page(
      std::move(silent), store::sort<machine>().ascending<&machine::last_heartbeat_at>(), most_at_once);
  alter_by how = [cutoff](const machine& before) -> std::optional<alteration> {
    const bool is_silent = before.online && before.last_heartbeat_at && *before.last_heartbeat_at < cutoff;
    if (!is_silent) return std::nullopt;
    auto after = before;
    after.online = false;
    return alteration{change<machine>().set<&machine::online>(false), std::move(after)};
  };
  std::size_t marked = 0;
  for (const auto& one : found.items) {
    const auto changed = co_await alter(one.id, now, how);
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
