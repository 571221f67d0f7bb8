#include "services/branches/branches.hpp"

#include "services/api_error.hpp"

namespace nxg {

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

task<branch_service::enrolled_screen> branch_service::enrol_screen(uuid branch_id, std::string name, uuid id) {
  const auto now = time_.now();
  co_await get(branch_id);
  const screen made{.id = id, .branch_id = branch_id, .name = std::move(name), .created_at = now};
  co_await branches_.insert_screen(made);
  const token_subject to{id, role::screen, id, {branch_id}};
  auto token = tokens_.issue(to, screen_token_life_, made.created_at);
  co_return enrolled_screen{made, std::move(token)};
}

}  // namespace nxg
