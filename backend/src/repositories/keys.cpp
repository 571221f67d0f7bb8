#include "repositories/keys.hpp"

#include <utility>

namespace nxg {

task<void> key_repository::insert(stored_key key) { return keys_.insert(std::move(key)); }

task<std::optional<stored_key>> key_repository::find(std::string kid) { return keys_.find(std::move(kid)); }

task<std::vector<stored_key>> key_repository::of_scope(std::string scope) {
  // Retired keys live as long as what they made: after many rotations there are more than a page of them.
  constexpr std::size_t page_size = 100;
  std::vector<stored_key> all;
  std::optional<std::string> after;
  do {
    auto page = co_await keys_.find_page(store::eq<&stored_key::scope>(scope),
                                         store::sort<stored_key>().ascending<&stored_key::created_at>(), page_size,
                                         std::move(after));
    for (auto& one : page.items) all.push_back(std::move(one));
    after = std::move(page.next);
  } while (after);
  co_return all;
}

task<bool> key_repository::move(std::string kid, key_state from, key_state to, instant at,
                                std::optional<instant> expires_at) {
  auto changes = store::change<stored_key>().set<&stored_key::state>(to);
  if (to == key_state::retired) {
    changes.set<&stored_key::retired_at>(at).set<&stored_key::expires_at>(expires_at);
  }
  co_return co_await keys_.update(std::move(kid), store::eq<&stored_key::state>(from), std::move(changes));
}

}  // namespace nxg
