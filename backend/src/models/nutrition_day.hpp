#pragma once

#include "models/intake.hpp"
#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "schema/types.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <string>

namespace nxg {

/// What was drunk, once.
struct water_entry {
  uuid id;
  std::int64_t version = 0;
  uuid member_id;
  std::int64_t milliliters = 0;
  instant logged_at{};
  /// The member's zone then, and the date there.
  std::string time_zone;
  schema::local_date local_date{};
};
BOOST_DESCRIBE_STRUCT(water_entry, (), (id, version, member_id, milliliters, logged_at, time_zone, local_date))
store::declaration<water_entry> declare(store::tag<water_entry>);

struct water_logged {
  uuid entry_id;
  uuid member_id;
  schema::local_date local_date{};
};
BOOST_DESCRIBE_STRUCT(water_logged, (), (entry_id, member_id, local_date))
store::event_declaration<water_logged> declare(store::tag<water_logged>);

/// What meals and drinks of one day come to.
struct day_intake {
  std::int64_t meals = 0;
  /// Of them, those whose figures nobody has confirmed though there are doubts, or that are not known yet.
  std::int64_t unconfirmed_meals = 0;
  intake consumed;
  std::int64_t water_ml = 0;

  friend bool operator==(const day_intake&, const day_intake&) = default;
};
BOOST_DESCRIBE_STRUCT(day_intake, (), (meals, unconfirmed_meals, consumed, water_ml))

/// A member's balance of one local date. Id: `member:date`. Recomputed from meals and water entries, and set.
struct nutrition_day {
  std::string id;
  std::int64_t version = 0;
  uuid member_id;
  schema::local_date local_date{};
  schema::encrypted<day_intake> intake;
  instant updated_at{};
};
BOOST_DESCRIBE_STRUCT(nutrition_day, (), (id, version, member_id, local_date, intake, updated_at))
store::declaration<nutrition_day> declare(store::tag<nutrition_day>);

}  // namespace nxg
