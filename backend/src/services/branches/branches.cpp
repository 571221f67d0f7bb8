#include "services/branches/branches.hpp"

#include "services/api_error.hpp"

#include <algorithm>
#include <utility>

namespace nxg {
namespace {

api_error screen_not_found() { return {error_code::screen_not_found, "There is no such screen in this branch."}; }

}  // namespace

api_error branch_not_found() { return {error_code::branch_not_found, "There is no such branch."}; }

task<branch> branch_service::create(new_branch what, uuid id) {
  branch made{.id = id,
              .name = std::move(what.name),
              .address = std::move(what.address),
              .city = std::move(what.city),
              .contact_number = std::move(what.contact_number),
              .capacity = what.capacity,
              .time_zone = what.time_zone.value(),
              .hours = std::move(what.hours),
              .created_at = time_.now()};
  bool taken = false;
  try {
    co_await branches_.insert(made);
  } catch (const store::error& error) {
    if (!error.is(store::failure::duplicate)) throw;
    taken = true;
  }
  const auto found = co_await branches_.find(id);
  // A repeated request meets its own branch by either index.
  if (taken && !found) throw api_error{error_code::branch_name_taken, "There is a branch of this name."};
  co_return found.value();
}

task<branch> branch_service::get(uuid id) {
  auto found = co_await branches_.find(id);
  if (!found || !found->active) throw branch_not_found();
  co_return std::move(*found);
}

// Staff of other branches learn nothing of this one.
task<void> branch_service::require_worker(caller who, uuid branch_id) {
  if (!who.works_at(branch_id)) throw branch_not_found();
  co_await get(branch_id);
}

task<branch_service::enrolled_screen> branch_service::enrol_screen(caller who, uuid branch_id, std::string name,
                                                                   uuid id) {
  const auto by = who.id;
  co_await require_worker(std::move(who), branch_id);
  const screen made{
      .id = id, .branch_id = branch_id, .name = std::move(name), .created_at = time_.now(), .enrolled_by = by};
  const auto before = co_await branches_.screens_named(branch_id, made.name);
  co_await branches_.insert_screen(made);
  // Of two that are enrolled at once at least one sees the other here, and the same of them stays for both.
  const auto named = co_await branches_.screens_named(branch_id, made.name);
  const auto is_rival = [&](const screen& one) {
    return one.id > id && std::ranges::find(before, one.id, &screen::id) == before.end();
  };
  if (std::ranges::any_of(named, is_rival)) {
    co_await take_away(made);
    throw busy();
  }
  for (const auto& one : named) {
    if (one.id != id) co_await take_away(one);
  }
  const token_subject to{id, role::screen, id, {branch_id}};
  auto token = tokens_.issue(to, screen_token_life_, made.created_at);
  co_return enrolled_screen{made, std::move(token)};
}

task<store::page<screen>> branch_service::screens(caller who, uuid branch_id, std::size_t limit,
                                                  std::optional<std::string> after) {
  co_await require_worker(std::move(who), branch_id);
  co_return co_await branches_.screens_of(branch_id, limit, std::move(after));
}

task<void> branch_service::remove_screen(caller who, uuid branch_id, uuid screen_id) {
  co_await require_worker(std::move(who), branch_id);
  const auto found = co_await branches_.find_screen(screen_id);
  if (!found || found->branch_id != branch_id || found->removed_at) throw screen_not_found();
  co_await take_away(*found);
}

task<void> branch_service::take_away(screen one) {
  // First: what is listed can be removed again, should this end in between.
  co_await revocations_.revoke_session(one.id, screen_token_life_);
  co_await branches_.remove_screen(one.id, time_.now());
}

}  // namespace nxg
