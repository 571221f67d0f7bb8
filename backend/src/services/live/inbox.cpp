#include "services/live/inbox.hpp"

#include "store/errors.hpp"

#include <algorithm>
#include <utility>

namespace nxg::live {
namespace {

/// Whoever else writes at the same moment makes this read again; each round somebody gets on.
constexpr int rounds = 32;

const inbox_event* find_event(const std::vector<inbox_event>& in, std::string_view name, const uuid& id) {
  const auto found =
      std::ranges::find_if(in, [&](const inbox_event& one) { return one.id == id && one.event == name; });
  return found == in.end() ? nullptr : &*found;
}

/// Leaves the newest that fit.
void drop_oldest(std::vector<inbox_event>& from) {
  std::size_t bytes = 0;
  std::size_t keep = 0;
  while (keep < from.size() && keep < inbox_events) {
    bytes += from[from.size() - 1 - keep].data.size();
    if (bytes > inbox_bytes && keep > 0) break;
    ++keep;
  }
  from.erase(from.begin(), from.end() - static_cast<std::ptrdiff_t>(keep));
}

/// Whether somebody who has seen all up to `after` has missed something that is no more.
bool is_gap(const std::optional<inbox>& all, std::int64_t after) {
  if (!all || all->events->empty()) return true;
  return after + 1 < all->events->front().cursor || after > all->cursor;
}

}  // namespace

std::string with_cursor(std::string_view data, std::int64_t cursor) {
  std::string made{data.substr(0, data.rfind('}'))};
  if (made.size() > 1) made += ',';
  return made.append(R"("cursor":)").append(std::to_string(cursor)).append("}");
}

missed_events missed_in(const std::optional<inbox>& all, std::optional<std::int64_t> after, std::string_view channel,
                        std::size_t limit) {
  missed_events found;
  found.cursor = all ? all->cursor : 0;
  const auto from = after.value_or(0);
  const bool gap = from != 0 && is_gap(all, from);
  if (gap) {
    found.gap.emplace();
    if (all && !all->events->empty()) found.gap->oldest_cursor = all->events->front().cursor;
  }
  if (!all) return found;
  for (const auto& one : all->events.value()) {
    // After a gap all there is: what was seen of it is known by its cursor.
    if (one.cursor <= from && !gap) continue;
    if (!channel.empty() && one.channel != channel) continue;
    if (found.events.size() == limit) {
      found.more = true;
      found.cursor = found.events.empty() ? from : found.events.back().cursor;
      break;
    }
    found.events.push_back({one.cursor, one.event, one.channel, schema::any_json{with_cursor(one.data, one.cursor)}});
  }
  return found;
}

task<std::optional<std::int64_t>> inbox_service::put(uuid member, const sent& what, uuid id, std::string json) {
  const auto key = co_await keys_.data_key(member);
  if (!key) co_return std::nullopt;
  for (int round = 0; round < rounds; ++round) {
    auto found = co_await inboxes_.find(member);
    const auto now = time_.now();
    inbox changed = found.value_or(inbox{.id = member});
    auto events = changed.events.value();
    if (const auto* known = find_event(events, what.name, id)) co_return known->cursor;
    changed.cursor = changed.version == 0
                         ? std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count()
                         : changed.cursor + 1;
    events.push_back({changed.cursor, id, std::string{what.name}, std::string{namespace_of(what.to)}, json});
    drop_oldest(events);
    changed.events = std::move(events);
    changed.updated_at = now;
    bool written = true;
    try {
      co_await inboxes_.save(changed);
    } catch (const store::error& error) {
      if (!error.is(store::failure::version_conflict) && !error.is(store::failure::not_found)) throw;
      written = false;
    }
    if (written) co_return changed.cursor;
  }
  throw store::error{store::failure::busy, "an inbox is being written by too many at once"};
}

task<std::int64_t> inbox_service::newest(uuid member) {
  const auto found = co_await inboxes_.find(member);
  co_return found ? found->cursor : 0;
}

task<missed_events> inbox_service::after(uuid member, std::optional<std::int64_t> cursor, std::string channel,
                                         std::size_t limit) {
  const auto all = co_await inboxes_.find(member);
  co_return missed_in(all, cursor, channel, limit);
}

}  // namespace nxg::live
