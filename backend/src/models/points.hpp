#pragma once

#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace nxg {

/// What points are given for.
enum class points_source : std::uint8_t { workout, personal_record, meal };
BOOST_DESCRIBE_ENUM(points_source, workout, personal_record, meal)

/// One award: unique by member, kind of source and source. Its id is made from them, so it is set, never doubled.
struct points_entry {
  uuid id;
  std::int64_t version = 0;
  uuid member_id;
  points_source source_type = points_source::workout;
  uuid source_id;
  std::int64_t points = 0;
  std::string reason;
  /// Of the source it was computed from; an older one never replaces a newer one.
  std::int64_t revision = 0;
  instant at{};
};
BOOST_DESCRIBE_STRUCT(points_entry, (), (id, version, member_id, source_type, source_id, points, reason, revision, at))
store::declaration<points_entry> declare(store::tag<points_entry>);

[[nodiscard]] uuid points_entry_id(const uuid& member, points_source source_type, const uuid& source_id);

/// What a member can spend. Its id is the member's.
struct points_balance {
  uuid id;
  std::int64_t version = 0;
  std::int64_t balance = 0;
  /// All that was ever earned.
  std::int64_t earned = 0;
  /// The last 256 events that changed it: one that is here changes nothing again.
  std::vector<uuid> last_events;
  instant updated_at{};
};
BOOST_DESCRIBE_STRUCT(points_balance, (), (id, version, balance, earned, last_events, updated_at))
store::declaration<points_balance> declare(store::tag<points_balance>);

inline constexpr std::size_t remembered_events = 256;

/// An entry is new or has another amount: the balance moves by `difference`, once per event.
struct points_changed {
  uuid entry_id;
  uuid member_id;
  points_source source_type = points_source::workout;
  uuid source_id;
  std::int64_t points = 0;
  std::int64_t difference = 0;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(points_changed, (), (entry_id, member_id, source_type, source_id, points, difference, reason))
store::event_declaration<points_changed> declare(store::tag<points_changed>);

}  // namespace nxg
