#include "socketio/recovery_journal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace nxg::socketio::detail {

namespace {

bool is_in(const absent_client& one, const std::string& room) {
  return one.id == room || std::ranges::find(one.rooms, room) != one.rooms.end();
}

bool is_meant(const selection& by, const absent_client& one) {
  const auto in = [&one](const std::string& room) { return is_in(one, room); };
  return (by.rooms.empty() || std::ranges::any_of(by.rooms, in)) && std::ranges::none_of(by.except, in);
}

}  // namespace

recovery_journal::recovery_journal(recovery_options options, runtime::clock& time, runtime::random& random)
    : options_{options}, time_{time}, prefix_{fmt::format("{:012x}.", random.below(std::uint64_t{1} << 48))} {}

std::string recovery_journal::offset_of(std::uint64_t number) const { return prefix_ + fmt::format("{:x}", number); }

std::optional<std::uint64_t> recovery_journal::number_of(std::string_view offset) const {
  if (!offset.starts_with(prefix_)) return std::nullopt;
  offset.remove_prefix(prefix_.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(offset.data(), offset.data() + offset.size(), number, 16);
  if (error != std::errc{} || end != offset.data() + offset.size() || number > last_) return std::nullopt;
  return number;
}

void recovery_journal::append(selection to, shared_frames frames) {
  bytes_ += frames->size();
  log_.push_back({++last_, time_.steady(), std::move(to), std::move(frames)});
  forget_old();
}

void recovery_journal::forget_old() {
  const auto oldest = time_.steady() - options_.max_disconnection;
  while (!log_.empty() &&
         (log_.front().at < oldest || log_.size() > options_.max_events || bytes_ > options_.max_bytes)) {
    bytes_ -= log_.front().frames->size();
    log_.pop_front();
  }
  while (!leaving_order_.empty() &&
         (leaving_order_.front().first < oldest || leaving_order_.size() > options_.max_clients)) {
    away_.erase(leaving_order_.front().second);
    leaving_order_.pop_front();
  }
}

void recovery_journal::went_away(std::string private_id, absent_client who) {
  const std::lock_guard lock{mutex_};
  const auto now = time_.steady();
  leaving_order_.emplace_back(now, private_id);
  away_.insert_or_assign(std::move(private_id), absence{std::move(who), now});
  forget_old();
}

std::optional<absent_client> recovery_journal::comes_back(std::string_view private_id, std::string_view offset) {
  const std::lock_guard lock{mutex_};
  forget_old();
  const auto it = away_.find(std::string{private_id});
  if (it == away_.end()) return std::nullopt;
  auto who = std::move(it->second.who);
  away_.erase(it);  // who fails once is new from then on
  const auto number = number_of(offset);
  const auto first_known = log_.empty() ? last_ + 1 : log_.front().number;
  if (!number || *number + 1 < first_known) return std::nullopt;
  return who;
}

std::vector<shared_frames> recovery_journal::missed(const absent_client& by, std::string_view offset,
                                                    std::uint64_t through) {
  const std::lock_guard lock{mutex_};
  std::vector<shared_frames> result;
  const auto number = number_of(offset);
  if (!number) return result;
  auto it = std::ranges::upper_bound(log_, *number, {}, &entry::number);
  for (; it != log_.end() && it->number <= through; ++it) {
    if (is_meant(it->to, by)) result.push_back(it->frames);
  }
  return result;
}

}  // namespace nxg::socketio::detail
