#include "repositories/body_records.hpp"

#include <utility>

namespace nxg {

namespace {

store::filter<body_record> of_member(uuid member, const body_record_range& within) {
  return store::eq<&body_record::member_id>(member) &&
         store::between<&body_record::recorded_at>(within.from, within.to);
}

}  // namespace

task<void> body_record_repository::keep(body_record record) {
  try {
    co_await records_.insert(std::move(record));
  } catch (const store::error& refused) {
    if (!refused.is(store::failure::duplicate)) throw;
  }
}

task<store::page<body_record>> body_record_repository::history(uuid member, body_record_range within, std::size_t limit,
                                                               std::optional<std::string> after) {
  return records_.find_page(of_member(member, within),
                            store::sort<body_record>().descending<&body_record::recorded_at>(), limit,
                            std::move(after));
}

task<std::optional<body_record>> body_record_repository::oldest(uuid member, body_record_range within) {
  return records_.find_one(of_member(member, within),
                           store::sort<body_record>().ascending<&body_record::recorded_at>());
}

}  // namespace nxg
