#pragma once

#include "models/machine.hpp"
#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "schema/types.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg {

/// `expired`: ended by the clock, not by a person.
enum class visit_state : std::uint8_t { active, completed, expired };
BOOST_DESCRIBE_ENUM(visit_state, active, completed, expired)

enum class visit_end : std::uint8_t { member, staff, max_duration, closing };
BOOST_DESCRIBE_ENUM(visit_end, member, staff, max_duration, closing)

enum class entry_method : std::uint8_t { qr };
BOOST_DESCRIBE_ENUM(entry_method, qr)

/// One stretch of a visit on a machine.
struct machine_use {
  uuid link_id;
  uuid machine_id;
  std::string machine_name;
  instant started_at{};

  friend bool operator==(const machine_use&, const machine_use&) = default;
};
BOOST_DESCRIBE_STRUCT(machine_use, (), (link_id, machine_id, machine_name, started_at))

/// A member's stay in a branch. At most one is active per member; the store sees to it.
struct visit {
  uuid id;
  std::int64_t version = 0;
  uuid member_id;
  uuid branch_id;
  std::string branch_name;
  visit_state state = visit_state::active;
  entry_method method = entry_method::qr;
  instant check_in_at{};
  std::optional<instant> check_out_at;
  /// When the clock ends it: 4 h after check-in, or at closing.
  instant auto_end_at{};
  visit_end auto_end_reason = visit_end::max_duration;
  std::optional<visit_end> end_reason;
  /// The branch's zone and the date there at check-in; neither changes later.
  std::string time_zone;
  schema::local_date local_date{};
  /// The link the visit names now; a claimed machine that it does not name is released.
  std::optional<machine_use> link;
  /// The last 100 machines used.
  std::vector<machine_use> machines_used;
};
BOOST_DESCRIBE_STRUCT(visit, (),
                      (id, version, member_id, branch_id, branch_name, state, method, check_in_at, check_out_at,
                       auto_end_at, auto_end_reason, end_reason, time_zone, local_date, link, machines_used))
store::declaration<visit> declare(store::tag<visit>);

/// A check-in code was used by a member. Its id is made from both, so that a second use meets the first.
struct check_in_claim {
  uuid id;
  std::int64_t version = 0;
  uuid member_id;
  uuid visit_id;
  instant expires_at{};
};
BOOST_DESCRIBE_STRUCT(check_in_claim, (), (id, version, member_id, visit_id, expires_at))
store::declaration<check_in_claim> declare(store::tag<check_in_claim>);

struct visit_started {
  uuid visit_id;
  uuid member_id;
  uuid branch_id;
  instant at{};
};
BOOST_DESCRIBE_STRUCT(visit_started, (), (visit_id, member_id, branch_id, at))
store::event_declaration<visit_started> declare(store::tag<visit_started>);

/// Releases whatever the visit held.
struct visit_ended {
  uuid visit_id;
  uuid member_id;
  uuid branch_id;
  visit_end reason = visit_end::member;
  instant at{};
};
BOOST_DESCRIBE_STRUCT(visit_ended, (), (visit_id, member_id, branch_id, reason, at))
store::event_declaration<visit_ended> declare(store::tag<visit_ended>);

}  // namespace nxg
