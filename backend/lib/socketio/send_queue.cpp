#include "socketio/send_queue.hpp"

#include <utility>

namespace nxg::socketio {

bool send_queue::fits(std::size_t incoming) const noexcept {
  return bytes_ + incoming <= limits_.max_bytes && waiting() + 1 <= limits_.max_messages;
}

send_queue::verdict send_queue::push(shared_frames frames, const delivery& how, std::size_t written) {
  if (!empty()) {
    if (how.is_volatile) return verdict::dropped;
    if (!how.coalesce.empty() && replace(frames, how)) return verdict::queued;
    if (!fits(frames->size())) drop_some(frames->size());
    if (!fits(frames->size())) return how.coalesce.empty() ? verdict::overflow : verdict::dropped;
  } else {
    written_ = written;
  }
  const bool droppable = how.is_volatile || !how.coalesce.empty();
  bytes_ += frames->size() - written;
  droppable_ += droppable ? 1 : 0;
  entries_.push_back({std::move(frames), how.coalesce, droppable});
  return verdict::queued;
}

void send_queue::push_last(shared_frames frames) {
  bytes_ += frames->size();
  entries_.push_back({std::move(frames), {}, false});
}

bool send_queue::replace(const shared_frames& frames, const delivery& how) {
  if (droppable_ == 0) return false;
  // A message of which the first bytes are out must be finished as it is.
  const std::size_t from = first_ + (written_ > 0 ? 1 : 0);
  for (std::size_t i = entries_.size(); i-- > from;) {
    if (entries_[i].coalesce != how.coalesce) continue;
    bytes_ = bytes_ - entries_[i].frames->size() + frames->size();
    entries_[i].frames = frames;
    ++dropped_;
    return true;
  }
  return false;
}

void send_queue::drop_some(std::size_t incoming) {
  if (droppable_ == 0) return;
  std::size_t keep = first_ + (written_ > 0 ? 1 : 0);
  for (std::size_t i = keep; i < entries_.size(); ++i) {
    const std::size_t gone = i - keep;
    const bool enough = bytes_ + incoming <= limits_.max_bytes && waiting() - gone + 1 <= limits_.max_messages;
    if (entries_[i].droppable && !enough) {
      bytes_ -= entries_[i].frames->size();
      --droppable_;
      ++dropped_;
    } else {
      if (keep != i) entries_[keep] = std::move(entries_[i]);
      ++keep;
    }
  }
  entries_.resize(keep);
}

std::size_t send_queue::gather(std::span<std::string_view> pieces) const noexcept {
  std::size_t filled = 0;
  for (std::size_t i = first_; i < entries_.size() && filled < pieces.size(); ++i) {
    std::string_view bytes{*entries_[i].frames};
    if (i == first_) bytes.remove_prefix(written_);
    pieces[filled++] = bytes;
  }
  return filled;
}

void send_queue::consumed(std::size_t count) noexcept {
  bytes_ -= count;
  written_ += count;
  while (first_ < entries_.size() && written_ >= entries_[first_].frames->size()) {
    written_ -= entries_[first_].frames->size();
    droppable_ -= entries_[first_].droppable ? 1 : 0;
    entries_[first_].frames.reset();
    ++first_;
  }
  if (empty()) {
    clear();
  } else if (first_ > 64 && first_ > entries_.size() / 2) {
    entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

void send_queue::keep_begun() noexcept {
  if (written_ == 0) return clear();
  entries_.resize(first_ + 1);
  bytes_ = entries_[first_].frames->size() - written_;
  droppable_ = entries_[first_].droppable ? 1 : 0;
}

void send_queue::clear() noexcept {
  // An idle connection is to hold no memory for this.
  std::vector<entry>{}.swap(entries_);
  first_ = written_ = bytes_ = droppable_ = 0;
}

}  // namespace nxg::socketio
