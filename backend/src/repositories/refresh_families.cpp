#include "repositories/refresh_families.hpp"

#include <algorithm>
#include <utility>

namespace nxg {

namespace {

constexpr std::size_t remembered_tokens = 64;
constexpr std::size_t listed_sessions = 100;
constexpr std::size_t most_siblings = 4;

auto not_revoked() { return store::absent<&refresh_family::revoked_at>(); }

}  // namespace

task<void> refresh_family_repository::insert(refresh_family family) { return families_.insert(std::move(family)); }

task<std::optional<refresh_family>> refresh_family_repository::find(uuid id) { return families_.find(id); }

task<std::vector<refresh_family>> refresh_family_repository::active_of(uuid user_id) {
  auto found = co_await families_.find_page(store::eq<&refresh_family::user_id>(user_id) && not_revoked(),
                                            store::sort<refresh_family>().descending<&refresh_family::created_at>(),
                                            listed_sessions);
  co_return std::move(found.items);
}

task<bool> refresh_family_repository::rotate(const refresh_family& as_read, std::string presented,
                                             std::string successor, instant at, instant expires_at) {
  // Its siblings were never used and now never may be; the one before it has had its 30 seconds.
  auto spent = as_read.spent;
  if (as_read.rotated) spent.push_back(*as_read.rotated);
  for (const auto& sibling : as_read.valid) {
    if (sibling != presented) spent.push_back(sibling);
  }
  if (spent.size() > remembered_tokens) {
    spent.erase(spent.begin(), spent.end() - static_cast<std::ptrdiff_t>(remembered_tokens));
  }
  auto changes = store::change<refresh_family>()
                     .set<&refresh_family::valid>({successor})
                     .set<&refresh_family::rotated>(presented)
                     .set<&refresh_family::rotated_at>(at)
                     .set<&refresh_family::spent>(spent)
                     .set<&refresh_family::last_used_at>(at)
                     .set<&refresh_family::expires_at>(expires_at);
  const auto unchanged = store::eq<&refresh_family::version>(as_read.version) && not_revoked();
  co_return co_await families_.update(as_read.id, unchanged, std::move(changes));
}

task<bool> refresh_family_repository::add_successor(uuid id, std::string rotated, std::string successor, instant at,
                                                    instant expires_at) {
  // While that token is the one rotated last, none of its successors was used.
  auto changes = store::change<refresh_family>()
                     .push_keep_last<&refresh_family::valid>(successor, most_siblings)
                     .set<&refresh_family::last_used_at>(at)
                     .set<&refresh_family::expires_at>(expires_at);
  const auto unused = store::eq<&refresh_family::rotated>(rotated) && not_revoked();
  co_return co_await families_.update(id, unused, std::move(changes));
}

task<std::optional<refresh_family>> refresh_family_repository::revoke(uuid id, instant at) {
  return families_.update_get_after(store::eq<&refresh_family::id>(id) && not_revoked(),
                                    store::change<refresh_family>().set<&refresh_family::revoked_at>(at));
}

task<std::optional<refresh_family>> refresh_family_repository::revoke_of(uuid user_id, uuid id, instant at) {
  return families_.update_get_after(
      store::eq<&refresh_family::id>(id) && store::eq<&refresh_family::user_id>(user_id) && not_revoked(),
      store::change<refresh_family>().set<&refresh_family::revoked_at>(at));
}

}  // namespace nxg
