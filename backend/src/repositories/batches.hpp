#pragma once

#include "runtime/task.hpp"
#include "store/collection.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nxg::repositories {

/// How many documents are read or written in one round trip where it is about all of them.
inline constexpr std::size_t batch = 500;

template <class T>
task<std::vector<T>> read_all(store::collection<T>& from, store::sort<T> by) {
  std::vector<T> found;
  std::optional<std::string> after;
  do {
    auto part = co_await from.find_page({}, by, batch, after);
    std::ranges::move(part.items, std::back_inserter(found));
    after = std::move(part.next);
  } while (after);
  co_return found;
}

/// Writes new ones, and others over the documents of their ids by `everything_of`. One outcome each, in order, the new
/// ones first.
template <class T>
task<std::vector<store::write_outcome>> write_all(store::collection<T>& to, std::vector<T> added,
                                                  std::vector<T> changed,
                                                  store::changes<T> (*everything_of)(const T& one)) {
  std::vector<store::write_outcome> outcomes;
  const auto total = added.size() + changed.size();
  for (std::size_t from = 0; from < total; from += batch) {
    store::bulk<T> writes;
    for (std::size_t i = from; i < std::min(from + batch, total); ++i) {
      if (i < added.size()) {
        writes.insert(std::move(added[i]));
      } else {
        const auto& one = changed[i - added.size()];
        writes.update(one.id, everything_of(one));
      }
    }
    auto part = co_await to.write(std::move(writes));
    std::ranges::move(part, std::back_inserter(outcomes));
  }
  co_return outcomes;
}

}  // namespace nxg::repositories
