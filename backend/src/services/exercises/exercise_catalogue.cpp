#include "services/exercises/exercise_catalogue.hpp"

#include "models/words.hpp"
#include "services/exercises/search.hpp"
#include "store/errors.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace nxg::exercises {

library::library(std::vector<exercise> all) : all_{std::move(all)} {
  std::ranges::sort(all_, {}, [](const exercise& e) { return std::tie(e.name, e.id); });
  for (const auto& one : all_) {
    by_id_.emplace(one.id, &one);
    by_words_.emplace(plain_words(one.name), &one);
  }
  // The source's ids win over names that happen to read the same.
  for (const auto& one : all_) by_words_.insert_or_assign(plain_words(one.external_id), &one);
}

const exercise* library::find(const uuid& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second;
}

const exercise* library::find_named(std::string_view external_id, std::string_view name) const {
  for (const auto& words : {plain_words(external_id), plain_words(name)}) {
    if (const auto found = by_words_.find(words); found != by_words_.end()) return found->second;
  }
  return nullptr;
}

task<std::vector<const exercise*>> catalogue::search(std::shared_ptr<const library> in, std::string text) {
  std::vector<const exercise*> found;
  bool answered = true;
  try {
    const auto ids = co_await documents_.with_words(text);
    for (const auto& id : ids) {
      // One that was imported a moment ago may not be in the library at hand yet.
      if (const auto* one = in->find(id)) found.push_back(one);
    }
  } catch (const store::error&) {
    answered = false;
  }
  if (!answered) {
    for (const auto& one : in->all()) {
      if (answers(one, text)) found.push_back(&one);
    }
  }
  co_return found;
}

}  // namespace nxg::exercises
