#pragma once

#include "models/inbox.hpp"
#include "repositories/inboxes.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "services/accounts/keys.hpp"
#include "services/live/live_event.hpp"

#include <boost/describe/class.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::live {

/// An event as a device gets it when it asks what it missed. `data` is what it would have been told, with its `cursor`.
struct missed_event {
  std::int64_t cursor = 0;
  std::string event;
  /// `/workouts` or `/notifications`.
  std::string namespace_;
  schema::any_json data;
  static constexpr std::string_view schema_name = "MissedEvent";
};
BOOST_DESCRIBE_STRUCT(missed_event, (), (cursor, event, namespace_, data))

/// Events came and went that cannot be had any more.
struct event_gap {
  /// Of the oldest event there is; absent when there is none.
  std::optional<std::int64_t> oldest_cursor;
  static constexpr std::string_view schema_name = "EventGap";
};
BOOST_DESCRIBE_STRUCT(event_gap, (), (oldest_cursor))

/// What came after a cursor.
struct missed_events {
  /// In order.
  std::vector<missed_event> events;
  /// What to ask with next: the last event above, or the newest of all when nothing more is there.
  std::int64_t cursor = 0;
  /// Ask again for the rest.
  bool more = false;
  std::optional<event_gap> gap;

  static constexpr std::string_view schema_name = "MissedEvents";
  static constexpr schema::note descriptions[] = {
      {"cursor", "Ask with it next time."},
      {"more", "There is more after `cursor`: ask again at once."},
      {"gap", "Present when events after the cursor asked with are no more to be had: read afresh what is shown."}};
};
BOOST_DESCRIBE_STRUCT(missed_events, (), (events, cursor, more, gap))

/// How many are given to who does not say.
inline constexpr std::size_t usual_limit = 100;

/// The part of an inbox after a cursor. `after` absent or 0: all there is, and no gap. `channel` empty: of every
/// namespace. At most `limit` events.
[[nodiscard]] missed_events missed_in(const std::optional<inbox>& all, std::optional<std::int64_t> after,
                                      std::string_view channel, std::size_t limit);

/// The JSON object `data` with its place in the inbox.
[[nodiscard]] std::string with_cursor(std::string_view data, std::int64_t cursor);

/// Members' inboxes: what they were told, for devices that were away.
class inbox_service {
 public:
  inbox_service(inbox_repository& inboxes, key_service& keys, runtime::clock& time)
      : inboxes_{inboxes}, keys_{keys}, time_{time} {}

  /// Puts an event at the end and returns its cursor; where it is already, that of then. Nothing when the member is no
  /// more (their data key was erased). One atomic write. Throws what the store throws.
  task<std::optional<std::int64_t>> put(uuid member, const sent& what, uuid id, std::string json);

  task<std::optional<inbox>> find(uuid member) { return inboxes_.find(member); }
  /// The cursor of the newest event; 0 when there is none.
  task<std::int64_t> newest(uuid member);
  /// See `missed_in`.
  task<missed_events> after(uuid member, std::optional<std::int64_t> cursor, std::string channel, std::size_t limit);

 private:
  inbox_repository& inboxes_;
  key_service& keys_;
  runtime::clock& time_;
};

}  // namespace nxg::live
