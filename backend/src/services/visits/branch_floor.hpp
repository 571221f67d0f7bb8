#pragma once

#include "repositories/branches.hpp"
#include "repositories/users.hpp"
#include "repositories/visits.hpp"
#include "runtime/task.hpp"
#include "services/caller.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg {

/// A member in the branch, as its staff see them.
struct member_on_floor {
  uuid session_id;
  uuid member_id;
  /// Absent when the account is gone.
  std::optional<std::string> name;
  instant since{};
  /// What they train on now.
  std::optional<machine_use> machine;
};
BOOST_DESCRIBE_STRUCT(member_on_floor, (), (session_id, member_id, name, since, machine))

struct floor_view {
  uuid branch_id;
  /// Members in the branch; all of them, also where not all are listed.
  std::uint64_t occupancy = 0;
  std::int64_t capacity = 0;
  std::vector<member_on_floor> members;
};
BOOST_DESCRIBE_STRUCT(floor_view, (), (branch_id, occupancy, capacity, members))

/// Who is where in a branch: for those who work there.
class branch_floor {
 public:
  static constexpr std::size_t most_listed = 1'000;

  branch_floor(visit_repository& visits, branch_repository& branches, user_repository& users)
      : visits_{visits}, branches_{branches}, users_{users} {}

  /// Throws branch_not_found, also for who does not work there.
  task<floor_view> now(caller who, uuid branch_id);
  /// Nothing when the account is gone.
  task<std::optional<std::string>> name_of(uuid member);

 private:
  visit_repository& visits_;
  branch_repository& branches_;
  user_repository& users_;
};

}  // namespace nxg
