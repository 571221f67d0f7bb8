#pragma once

#include "models/machine.hpp"
#include "models/visit.hpp"
#include "services/live/live_event.hpp"
#include "services/machines/upkeep_report.hpp"

#include <boost/describe/class.hpp>

#include <optional>
#include <string>

/// What those who work in a branch are told of it, who is where included. `id` and `at` as in `floor_messages.hpp`.
namespace nxg::live {

/// `member:arrived`
struct member_arrived_message {
  uuid id;
  instant at{};
  uuid branch_id;
  uuid session_id;
  uuid member_id;
  /// Absent when the account is gone.
  std::optional<std::string> name;
};
BOOST_DESCRIBE_STRUCT(member_arrived_message, (), (id, at, branch_id, session_id, member_id, name))
inline constexpr sent announced(tag<member_arrived_message>) {
  return {"member:arrived", audience::staff, "A member checked in.", keeping::momentary};
}

/// `member:left`
struct member_left_message {
  uuid id;
  instant at{};
  uuid branch_id;
  uuid session_id;
  uuid member_id;
  visit_end reason = visit_end::member;
};
BOOST_DESCRIBE_STRUCT(member_left_message, (), (id, at, branch_id, session_id, member_id, reason))
inline constexpr sent announced(tag<member_left_message>) {
  return {"member:left", audience::staff, "A member's visit is over.", keeping::momentary};
}

/// `machine:taken`
struct machine_taken_message {
  uuid id;
  instant at{};
  uuid branch_id;
  uuid machine_id;
  uuid link_id;
  uuid member_id;
};
BOOST_DESCRIBE_STRUCT(machine_taken_message, (), (id, at, branch_id, machine_id, link_id, member_id))
inline constexpr sent announced(tag<machine_taken_message>) {
  return {"machine:taken", audience::staff, "A member trains on this machine now.", keeping::momentary};
}

/// `machine:freed`
struct machine_freed_message {
  uuid id;
  instant at{};
  uuid branch_id;
  uuid machine_id;
  uuid link_id;
  uuid member_id;
  link_end reason = link_end::unlinked;
};
BOOST_DESCRIBE_STRUCT(machine_freed_message, (), (id, at, branch_id, machine_id, link_id, member_id, reason))
inline constexpr sent announced(tag<machine_freed_message>) {
  return {"machine:freed", audience::staff, "The member trains on it no more.", keeping::momentary};
}

/// `machine:alert`
struct machine_alert_message {
  uuid id;
  instant at{};
  uuid branch_id;
  uuid machine_id;
  std::string machine_name;
  upkeep_kind kind = upkeep_kind::fault;
  upkeep_severity severity = upkeep_severity::low;
  std::optional<std::string> notes;
  bool out_of_service = false;
};
BOOST_DESCRIBE_STRUCT(machine_alert_message, (),
                      (id, at, branch_id, machine_id, machine_name, kind, severity, notes, out_of_service))
inline constexpr sent announced(tag<machine_alert_message>) {
  return {"machine:alert", audience::staff,
          "What was reported of a machine, by itself or by somebody; `outOfService` is how it stands after that.",
          keeping::momentary};
}

}  // namespace nxg::live
