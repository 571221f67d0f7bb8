#pragma once

#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "schema/types.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace nxg {

/// Something a member was told.
struct inbox_event {
  std::int64_t cursor = 0;
  /// The event's; with its name it says which event this is.
  uuid id;
  std::string event;
  /// The namespace it is told in.
  std::string channel;
  /// One JSON object.
  std::string data;
};
BOOST_DESCRIBE_STRUCT(inbox_event, (), (cursor, id, event, channel, data))

/// What a member was told last, in order: for devices that were away. Its id is the member's.
///
/// Cursors rise by one with each event. The first of an inbox is the time it was made, in milliseconds: an inbox that
/// is made anew after its expiry goes on above all cursors of the one before.
struct inbox {
  uuid id;
  std::int64_t version = 0;
  /// Of the newest event.
  std::int64_t cursor = 0;
  /// Sealed: they tell of health.
  schema::encrypted<std::vector<inbox_event>> events;
  instant updated_at{};
};
BOOST_DESCRIBE_STRUCT(inbox, (), (id, version, cursor, events, updated_at))
store::declaration<inbox> declare(store::tag<inbox>);

/// An inbox holds so many events at most, and so many bytes of what they say (less than may wait for one connection,
/// so that all of it can be sent at once).
inline constexpr std::size_t inbox_events = 256;
inline constexpr std::size_t inbox_bytes = 512 * 1024;

}  // namespace nxg
