#include "repositories/branches.hpp"

#include "utilities/names.hpp"

#include <boost/algorithm/string/trim.hpp>

namespace nxg {

namespace {

/// Names that people take for the same are the same.
std::string plain(std::string name) {
  boost::algorithm::trim(name);
  return utilities::ascii_lower(name);
}

}  // namespace

task<store::page<branch>> branch_repository::list(std::optional<std::string> city, std::size_t limit,
                                                  std::optional<std::string> after) {
  auto where = store::eq<&branch::active>(true);
  if (city) where = std::move(where) && store::eq<&branch::city>(*city);
  return branches_.find_page(std::move(where), store::sort<branch>().ascending<&branch::name>(), limit,
                             std::move(after));
}

task<std::vector<branch>> branch_repository::active_among(std::vector<uuid> ids) {
  if (ids.empty()) co_return std::vector<branch>{};
  // By id alone: with a second condition an engine may choose that one's index for many ids.
  auto found = co_await branches_.find_page(store::in<&branch::id>(ids), store::sort<branch>(), ids.size());
  std::erase_if(found.items, [](const branch& one) { return !one.active; });
  co_return std::move(found.items);
}

task<store::page<screen>> branch_repository::screens_of(uuid branch, std::size_t limit,
                                                        std::optional<std::string> after) {
  return screens_.find_page(store::eq<&screen::branch_id>(branch) && store::absent<&screen::removed_at>(),
                            store::sort<screen>().descending<&screen::created_at>(), limit, std::move(after));
}

task<std::vector<screen>> branch_repository::screens_named(uuid branch, std::string name) {
  const auto wanted = plain(name);
  std::vector<screen> named;
  std::optional<std::string> after;
  do {
    auto page = co_await screens_of(branch, 500, after);
    for (auto& one : page.items) {
      if (plain(one.name) == wanted) named.push_back(std::move(one));
    }
    after = std::move(page.next);
  } while (after);
  co_return named;
}

task<void> branch_repository::remove_screen(uuid id, instant at) {
  co_await screens_.update(id, store::absent<&screen::removed_at>(),
                           store::change<screen>().set<&screen::removed_at>(at));
}

}  // namespace nxg
