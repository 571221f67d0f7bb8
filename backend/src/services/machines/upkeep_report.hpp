#pragma once

#include "schema/types.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>

namespace nxg {

enum class upkeep_kind : std::uint8_t { fault, inspection, repair, cleaning };
BOOST_DESCRIBE_ENUM(upkeep_kind, fault, inspection, repair, cleaning)

enum class upkeep_severity : std::uint8_t { low, medium, high };
BOOST_DESCRIBE_ENUM(upkeep_severity, low, medium, high)

/// What is wrong with a machine, or being done to it.
struct upkeep_report {
  upkeep_kind kind = upkeep_kind::fault;
  upkeep_severity severity = upkeep_severity::low;
  std::optional<schema::text<0, 500>> notes;
  /// Set: whether nobody can train on it from now on. Not set: nothing changes.
  std::optional<bool> out_of_service;
};
BOOST_DESCRIBE_STRUCT(upkeep_report, (), (kind, severity, notes, out_of_service))

}  // namespace nxg
