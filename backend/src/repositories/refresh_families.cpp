#include "repositories/refresh_families.hpp"

#include <algorithm>
#include <utility>

namespace nxg {

namespace {

constexpr std::size_t listed_sessions = 100;
/// A bound: the limit of exchanges comes first.
constexpr std::size_t most_successors = 64;

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
  auto changes = store::change<refresh_family>()
                     .set<&refresh_family::valid>({successor})
                     .set<&refresh_family::rotated>(presented)
                     .set<&refresh_family::rotated_at>(at)
                     .set<&refresh_family::last_used_at>(at)
                     .set<&refresh_family::expires_at>(expires_at);
  const auto unchanged = store::eq<&refresh_family::version>(as_read.version) && not_revoked();
  co_return co_await families_.update(as_read.id, unchanged, std::move(changes));
}

task<bool> refresh_family_repository::add_successor(uuid id, std::string rotated, std::string successor, instant at,
                                                    instant expires_at) {
  // While that token is the one rotated last, none of its successors was used.
  auto changes = store::change<refresh_family>()
                     .push_keep_last<&refresh_family::valid>(successor, most_successors)
                     .set<&refresh_family::last_used_at>(at)
                     .set<&refresh_family::expires_at>(expires_at);
  const auto unused = store::eq<&refresh_family::rotated>(rotated) && not_revoked();
  co_return co_await families_.update(id, unused, std::move(changes));
}

task<void> refresh_family_repository::revoke(uuid id, instant at) {
  co_await families_.update(id, not_revoked(), store::change<refresh_family>().set<&refresh_family::revoked_at>(at));
}

}  // namespace nxg
