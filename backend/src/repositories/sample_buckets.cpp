#include "repositories/sample_buckets.hpp"

namespace nxg {

task<std::vector<sample_bucket>> sample_bucket_repository::find(std::vector<std::string> ids) {
  const auto limit = ids.size();
  if (limit == 0) co_return std::vector<sample_bucket>{};
  auto found = co_await buckets_.find_page(store::in<&sample_bucket::id>(ids), store::sort<sample_bucket>(), limit);
  co_return std::move(found.items);
}

task<std::vector<std::string>> sample_bucket_repository::save(std::vector<sample_bucket> rows) {
  std::vector<std::string> ids;
  store::bulk<sample_bucket> many;
  for (auto& row : rows) {
    ids.push_back(row.id);
    many.save(std::move(row));
  }
  const auto outcomes = co_await buckets_.write(std::move(many));
  std::vector<std::string> again;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const auto& refused = outcomes[i].refused;
    if (!refused) continue;
    if (!refused->is(store::failure::version_conflict) && !refused->is(store::failure::duplicate)) throw *refused;
    again.push_back(ids[i]);
  }
  co_return again;
}

task<store::page<sample_bucket>> sample_bucket_repository::of_link(uuid link_id, std::size_t limit,
                                                                   std::optional<std::string> after) {
  return buckets_.find_page(store::contains<&sample_bucket::links>(link_id), store::sort<sample_bucket>(), limit,
                            std::move(after));
}

}  // namespace nxg
