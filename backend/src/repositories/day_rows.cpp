#include "repositories/day_rows.hpp"

namespace nxg {

task<store::page<member_day>> day_row_repository::member_days(uuid member, schema::local_date from,
                                                              schema::local_date to, std::size_t limit,
                                                              std::optional<std::string> after) {
  return members_.find_page(store::eq<&member_day::member_id>(member) && store::gte<&member_day::local_date>(from) &&
                                store::lte<&member_day::local_date>(to),
                            store::sort<member_day>().descending<&member_day::local_date>(), limit, std::move(after));
}

}  // namespace nxg
