#include "repositories/journal.hpp"

namespace nxg {

task<store::page<journal_segment>> journal_repository::oldest(instant until, std::size_t limit,
                                                              std::optional<std::string> after) {
  return segments_.find_page(store::lte<&journal_segment::inserted_at>(until),
                             store::sort<journal_segment>().ascending<&journal_segment::inserted_at>(), limit,
                             std::move(after));
}

task<void> journal_repository::remove(std::vector<uuid> ids) {
  if (ids.empty()) co_return;
  store::bulk<journal_segment> many;
  for (const auto& id : ids) many.remove(id);
  const auto outcomes = co_await segments_.write(std::move(many));
  for (const auto& outcome : outcomes) {
    // Another folder may have removed it: the same samples are in the same buckets either way.
    if (outcome.refused && !outcome.refused->is(store::failure::not_found)) throw *outcome.refused;
  }
}

}  // namespace nxg
