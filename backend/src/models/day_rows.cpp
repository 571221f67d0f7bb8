#include "models/day_rows.hpp"

#include <fmt/format.h>

namespace nxg {

store::declaration<member_day> declare(store::tag<member_day>) {
  using namespace store;
  return {.name = "memberDays",
          .schema = 1,
          .shard = sharded_by<&member_day::member_id>(),
          .owner = owned_by<&member_day::member_id>(),
          .exported = exported_whole(),
          .erased = deleted(),
          .kept = kept_for_good("a member's training history"),
          .indexes = {
              index_of<member_day>("by_member").on<&member_day::member_id>().on_descending<&member_day::local_date>()}};
}

store::declaration<machine_day> declare(store::tag<machine_day>) {
  using namespace store;
  return {.name = "machineDays",
          .schema = 1,
          .shard = sharded_by<&machine_day::machine_id>(),
          .owner = nobodys("sums over members"),
          .exported = not_exported("nothing personal"),
          .erased = not_erased("nothing personal"),
          .kept = kept_for_good("the operator's record of wear"),
          .indexes = {index_of<machine_day>("by_machine")
                          .on<&machine_day::machine_id>()
                          .on_descending<&machine_day::local_date>()}};
}

std::string day_row_id(const uuid& owner, schema::local_date date) {
  return fmt::format("{}:{:04}-{:02}-{:02}", owner.to_string(), static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

}  // namespace nxg
