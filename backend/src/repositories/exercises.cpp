#include "repositories/exercises.hpp"

#include "repositories/batches.hpp"

#include <utility>

namespace nxg::repositories {
namespace {

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
  return read_all(documents_, store::sort<exercise>().ascending<&exercise::name>());
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
  return write_all(documents_, std::move(added), std::move(changed), everything_of);
}

}  // namespace nxg::repositories
