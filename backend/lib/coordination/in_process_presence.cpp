#include "coordination/in_process_presence.hpp"

#include <algorithm>
#include <utility>

namespace nxg::coordination {

task<bool> in_process_presence::enter(std::string_view group, std::string_view member, std::string_view connection,
                                      std::chrono::milliseconds how_long) {
  const std::lock_guard lock{mutex_};
  expire();
  const auto until = time_.steady() + how_long;
  auto& all = groups_[std::string{group}][std::string{member}];
  if (const auto known = all.find(connection); known != all.end()) {
    auto moved = expiries_.extract(known->second.expiry);
    moved.key() = until;
    known->second.expiry = expiries_.insert(std::move(moved));
    co_return true;
  }
  place here{std::string{group}, std::string{member}, std::string{connection}};
  if (expiries_.size() >= max_entries_) {
    erase(here);  // takes away what the look-up above made
    co_return false;
  }
  const auto expiry = expiries_.emplace(until, std::move(here));
  all.emplace(std::string{connection}, connection_entry{time_.now(), expiry});
  co_return true;
}

task<void> in_process_presence::leave(std::string_view group, std::string_view member, std::string_view connection) {
  const std::lock_guard lock{mutex_};
  expire();
  erase({std::string{group}, std::string{member}, std::string{connection}});
  co_return;
}

task<std::size_t> in_process_presence::count(std::string_view group) {
  const std::lock_guard lock{mutex_};
  const auto* found = members_of(group);
  co_return found == nullptr ? 0 : found->size();
}

task<bool> in_process_presence::is_present(std::string_view group, std::string_view member) {
  const std::lock_guard lock{mutex_};
  const auto* found = members_of(group);
  co_return found != nullptr && found->contains(member);
}

task<std::vector<present>> in_process_presence::list(std::string_view group, std::size_t limit,
                                                     std::string_view after) {
  const std::lock_guard lock{mutex_};
  std::vector<present> result;
  const auto* found = members_of(group);
  if (found == nullptr) co_return result;
  for (auto one = found->upper_bound(after); one != found->end() && result.size() < limit; ++one) {
    const auto earliest =
        std::ranges::min_element(one->second, {}, [](const auto& entry) { return entry.second.since; });
    result.push_back({one->first, earliest->second.since, one->second.size()});
  }
  co_return result;
}

std::vector<in_process_presence::present_entry> in_process_presence::all() {
  const std::lock_guard lock{mutex_};
  expire();
  std::vector<present_entry> result;
  result.reserve(expiries_.size());
  for (const auto& [until, here] : expiries_) {
    const auto since = groups_.at(here.group).at(here.member).at(here.connection).since;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - time_.steady());
    result.push_back({here.group, here.member, here.connection, since, left});
  }
  return result;
}

void in_process_presence::expire() {
  const auto now = time_.steady();
  while (!expiries_.empty() && expiries_.begin()->first <= now) erase(place{expiries_.begin()->second});
}

void in_process_presence::erase(const place& gone) {
  const auto group = groups_.find(gone.group);
  if (group == groups_.end()) return;
  const auto member = group->second.find(gone.member);
  if (member == group->second.end()) return;
  if (const auto connection = member->second.find(gone.connection); connection != member->second.end()) {
    expiries_.erase(connection->second.expiry);
    member->second.erase(connection);
  }
  if (member->second.empty()) group->second.erase(member);
  if (group->second.empty()) groups_.erase(group);
}

const in_process_presence::members* in_process_presence::members_of(std::string_view group) {
  expire();
  const auto known = groups_.find(group);
  return known == groups_.end() ? nullptr : &known->second;
}

}  // namespace nxg::coordination
