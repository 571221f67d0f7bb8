#include "socketio/recovery_journal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace nxg::socketio::detail {

recovery_journal::recovery_journal(recovery_options options, runtime::clock& time, runtime::random& random)
    : options_{options}, time_{time}, prefix_{fmt::format("{:012x}.", random.below(std::uint64_t{1} << 48))} {}

std::string recovery_journal::offset_of(const event_position& at) const {
  return prefix_ + fmt::format("{:x}", at.number);
}

std::optional<event_position> recovery_journal::position_of(std::string_view offset) const {
  if (!offset.starts_with(prefix_)) return std::nullopt;
  offset.remove_prefix(prefix_.size());
  event_position at;
  const auto [end, error] = std::from_chars(offset.data(), offset.data() + offset.size(), at.number, 16);
  if (error != std::errc{} || end != offset.data() + offset.size() || at > last_) return std::nullopt;
  return at;
}

void recovery_journal::append(const event_position& at, selection to, shared_frames frames) {
  bytes_ += frames->size();
  last_ = at;
  log_.push_back({at, time_.steady(), std::move(to), std::move(frames)});
  forget_old();
}

void recovery_journal::start_over(const event_position& behind) {
  const std::lock_guard lock{mutex_};
  log_.clear();
  bytes_ = 0;
  last_ = behind;
  forgotten_ = behind;
}

void recovery_journal::forget_old() {
  const auto oldest = time_.steady() - options_.max_disconnection;
  while (!log_.empty() &&
         (log_.front().when < oldest || log_.size() > options_.max_events || bytes_ > options_.max_bytes)) {
    bytes_ -= log_.front().frames->size();
    forgotten_ = log_.front().at;
    log_.pop_front();
  }
  while (!departures_.empty() && (departures_.front().when < oldest || away_.size() > options_.max_clients))
    forget(std::string{departures_.front().private_id});
}

void recovery_journal::forget(const std::string& private_id) {
  const auto it = away_.find(private_id);
  if (it == away_.end()) return;
  departures_.erase(it->second.place);
  away_.erase(it);
}

void recovery_journal::went_away(std::string private_id, absent_client who) {
  const std::lock_guard lock{mutex_};
  forget(private_id);
  const auto place = departures_.insert(departures_.end(), {time_.steady(), private_id});
  away_.emplace(std::move(private_id), absence{std::move(who), place});
  forget_old();
}

auto recovery_journal::comes_back(std::string_view private_id, std::string_view offset) -> std::optional<returning> {
  const std::lock_guard lock{mutex_};
  forget_old();
  const auto it = away_.find(std::string{private_id});
  if (it == away_.end()) return std::nullopt;
  auto who = std::move(it->second.who);
  departures_.erase(it->second.place);
  away_.erase(it);  // who fails once is new from then on
  const auto after = position_of(offset);
  if (!after || *after < forgotten_ || *after < who.since) return std::nullopt;
  return returning{std::move(who), *after};
}

bool recovery_journal::reaches_back_to(const event_position& after) {
  const std::lock_guard lock{mutex_};
  forget_old();
  return after >= forgotten_;
}

std::vector<shared_frames> recovery_journal::missed(const absent_client& by, const event_position& after,
                                                    const event_position& through) {
  const std::lock_guard lock{mutex_};
  std::vector<shared_frames> result;
  auto it = std::ranges::upper_bound(log_, after, {}, &entry::at);
  for (; it != log_.end() && it->at <= through; ++it) {
    if (was_meant(it->to, by, it->at)) result.push_back(it->frames);
  }
  return result;
}

}  // namespace nxg::socketio::detail
