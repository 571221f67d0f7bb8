#pragma once

#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "schema/types.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg {

/// When a branch is open on one weekday, by the wall clock of its time zone. `close` at or before `open` is on the next
/// day. A branch without hours never closes.
struct opening_hours {
  using minute_of_day = schema::bounded<std::int32_t, 0, 24 * 60>;

  schema::bounded<std::int32_t, 1, 7> weekday = 1;
  minute_of_day open_minute = 0;
  minute_of_day close_minute = 0;

  static constexpr schema::note descriptions[] = {{"weekday", "1 is Monday"},
                                                  {"open_minute", "After midnight, by the wall clock of the branch"},
                                                  {"close_minute", "At or before `openMinute`: on the next day"}};
  friend bool operator==(const opening_hours&, const opening_hours&) = default;
};
BOOST_DESCRIBE_STRUCT(opening_hours, (), (weekday, open_minute, close_minute))

/// A gym.
struct branch {
  uuid id;
  std::int64_t version = 0;
  std::string name;
  std::string address;
  std::string city;
  std::string contact_number;
  std::int32_t capacity = 500;
  /// IANA name.
  std::string time_zone;
  std::vector<opening_hours> hours;
  bool active = true;
  instant created_at{};
};
BOOST_DESCRIBE_STRUCT(branch, (),
                      (id, version, name, address, city, contact_number, capacity, time_zone, hours, active,
                       created_at))
store::declaration<branch> declare(store::tag<branch>);

/// A device at a branch's entrance that shows check-in codes.
struct screen {
  uuid id;
  std::int64_t version = 0;
  uuid branch_id;
  std::string name;
  instant created_at{};
  std::optional<uuid> enrolled_by{};
  /// Taken away, or enrolled anew: its token is worth nothing.
  std::optional<instant> removed_at{};
};
BOOST_DESCRIBE_STRUCT(screen, (), (id, version, branch_id, name, created_at, enrolled_by, removed_at))
store::declaration<screen> declare(store::tag<screen>);

}  // namespace nxg
