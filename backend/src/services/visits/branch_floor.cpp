#include "services/visits/branch_floor.hpp"

#include "services/branches/branches.hpp"

namespace nxg {

task<floor_view> branch_floor::now(caller who, uuid branch_id) {
  if (!who.works_at(branch_id)) throw branch_not_found();
  const auto branch = co_await branches_.find(branch_id);
  if (!branch || !branch->active) throw branch_not_found();
  floor_view view{.branch_id = branch_id, .capacity = branch->capacity, .members = {}};
  auto visits = co_await visits_.in_branch(branch_id, most_listed);
  view.occupancy = visits.size();
  if (visits.size() == most_listed) view.occupancy = co_await visits_.count_in_branch(branch_id);
  for (auto& one : visits) {
    auto name = co_await name_of(one.member_id);
    view.members.push_back({.session_id = one.id,
                            .member_id = one.member_id,
                            .name = std::move(name),
                            .since = one.check_in_at,
                            .machine = std::move(one.link)});
  }
  co_return view;
}

task<std::optional<std::string>> branch_floor::name_of(uuid member) {
  std::optional<std::string> name;
  const auto account = co_await users_.find(member);
  if (account) name = account->name.value();
  co_return name;
}

}  // namespace nxg
