#include "repositories/foods.hpp"

#include "repositories/batches.hpp"

#include <utility>

namespace nxg::repositories {
namespace {

using namespace store;

changes<food> everything_of(const food& one) {
  return change<food>()
      .set<&food::name>(one.name)
      .set<&food::source_name>(one.source_name)
      .set<&food::group>(one.group)
      .set<&food::per_100g>(one.per_100g)
      .set<&food::portions>(one.portions)
      .set<&food::allergens>(one.allergens)
      .set<&food::allergens_complete>(one.allergens_complete)
      .set<&food::energy_fits>(one.energy_fits)
      .set<&food::rank>(one.rank)
      .set<&food::updated_at>(one.updated_at);
}

}  // namespace

task<std::optional<food>> foods::find(uuid id) { return documents_.find(id); }

task<std::vector<food>> foods::find_all(std::vector<uuid> ids) {
  std::vector<food> found;
  if (ids.empty()) co_return found;
  const std::size_t most = ids.size();
  auto part = co_await documents_.find_page(in<&food::id>(ids), {}, most);
  co_return std::move(part.items);
}

task<std::optional<instant>> foods::changed_at() {
  const auto newest = co_await documents_.find_one({}, sort<food>().descending<&food::updated_at>());
  std::optional<instant> when;
  if (newest) when = newest->updated_at;
  co_return when;
}

task<std::vector<food>> foods::all() { return read_all(documents_, sort<food>().ascending<&food::name>()); }

task<std::vector<write_outcome>> foods::write(std::vector<food> added, std::vector<food> changed) {
  return write_all(documents_, std::move(added), std::move(changed), everything_of);
}

}  // namespace nxg::repositories
