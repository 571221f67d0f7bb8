#include "repositories/exercises.hpp"

#include <algorithm>
#include <utility>

namespace nxg::repositories {
namespace {

constexpr std::size_t batch = 500;

store::changes<exercise> everything_of(const exercise& one) {
  return store::change<exercise>()
      .set<&exercise::name>(one.name)
      .set<&exercise::category>(one.category)
      .set<&exercise::difficulty>(one.difficulty)
      .set<&exercise::force>(one.force)
      .set<&exercise::mechanic>(one.mechanic)
      .set<&exercise::equipment>(one.equipment)
      .set<&exercise::primary_muscles>(one.primary_muscles)
      .set<&exercise::secondary_muscles>(one.secondary_muscles)
      .set<&exercise::muscle_groups>(one.muscle_groups)
      .set<&exercise::search_text>(one.search_text)
      .set<&exercise::instructions>(one.instructions)
      .set<&exercise::images>(one.images)
      .set<&exercise::updated_at>(one.updated_at);
}

}  // namespace

task<std::vector<exercise>> exercises::all() {
  std::vector<exercise> found;
  std::optional<std::string> after;
  do {
    auto part = co_await documents_.find_page({}, store::sort<exercise>().ascending<&exercise::name>(), batch, after);
    std::ranges::move(part.items, std::back_inserter(found));
    after = std::move(part.next);
  } while (after);
  co_return found;
}

task<std::vector<uuid>> exercises::with_words(std::string text) {
  constexpr std::size_t most = 1'000;
  const auto found = co_await documents_.find_page(store::search<&exercise::search_text>(text), {}, most);
  std::vector<uuid> ids;
  for (const auto& one : found.items) ids.push_back(one.id);
  co_return ids;
}

task<std::optional<instant>> exercises::changed_at() {
  const auto newest = co_await documents_.find_one({}, store::sort<exercise>().descending<&exercise::updated_at>());
  std::optional<instant> when;
  if (newest) when = newest->updated_at;
  co_return when;
}

task<std::vector<store::write_outcome>> exercises::write(std::vector<exercise> added, std::vector<exercise> changed) {
  std::vector<store::write_outcome> outcomes;
  const auto total = added.size() + changed.size();
  for (std::size_t from = 0; from < total; from += batch) {
    store::bulk<exercise> writes;
    for (std::size_t i = from; i < std::min(from + batch, total); ++i) {
      if (i < added.size()) {
        writes.insert(std::move(added[i]));
      } else {
        const auto& one = changed[i - added.size()];
        writes.update(one.id, everything_of(one));
      }
    }
    auto part = co_await documents_.write(std::move(writes));
    std::ranges::move(part, std::back_inserter(outcomes));
  }
  co_return outcomes;
}

}  // namespace nxg::repositories
