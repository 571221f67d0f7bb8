#include "repositories/points.hpp"

#include "store/wrote_first.hpp"

namespace nxg {

task<void> points_repository::save_entry(points_entry entry, points_changed event) {
  return entries_.save(std::move(entry), store::emit(event));
}

task<store::page<points_entry>> points_repository::entries(uuid member, std::size_t limit,
                                                           std::optional<std::string> after) {
  return entries_.find_page(store::eq<&points_entry::member_id>(member),
                            store::sort<points_entry>().descending<&points_entry::at>(), limit, std::move(after));
}

task<points_balance> points_repository::apply(uuid member, std::int64_t difference, uuid event, instant now) {
  // At its version: whoever else moves the balance meanwhile makes this read again.
  for (int attempt = 0; attempt < 16; ++attempt) {
    auto found = co_await balances_.find(member);
    points_balance row = found.value_or(points_balance{.id = member});
    for (const auto& seen : row.last_events) {
      if (seen == event) co_return row;
    }
    row.balance += difference;
    row.earned += difference;
    row.last_events.push_back(event);
    if (row.last_events.size() > remembered_events) row.last_events.erase(row.last_events.begin());
    row.updated_at = now;
    const bool written = co_await store::wrote_first(balances_.save(row));
    if (written) co_return row;
  }
  throw store::error{store::failure::busy, "a balance is being changed by too many at once"};
}

}  // namespace nxg
