#include "socketio/deadlines.hpp"

#include <utility>

namespace nxg::socketio {

void deadline_queue::put(std::size_t at, deadline* entry) noexcept {
  heap_[at] = entry;
  entry->position_ = at;
}

void deadline_queue::up(std::size_t at) noexcept {
  deadline* const entry = heap_[at];
  while (at > 0) {
    const std::size_t parent = (at - 1) / 2;
    if (heap_[parent]->when_ <= entry->when_) break;
    put(at, heap_[parent]);
    at = parent;
  }
  put(at, entry);
}

void deadline_queue::down(std::size_t at) noexcept {
  deadline* const entry = heap_[at];
  for (;;) {
    std::size_t child = 2 * at + 1;
    if (child >= heap_.size()) break;
    if (child + 1 < heap_.size() && heap_[child + 1]->when_ < heap_[child]->when_) ++child;
    if (entry->when_ <= heap_[child]->when_) break;
    put(at, heap_[child]);
    at = child;
  }
  put(at, entry);
}

void deadline_queue::set(deadline& entry, steady_instant when) {
  if (entry.position_ == deadline::idle) {
    heap_.push_back(&entry);
    entry.position_ = heap_.size() - 1;
  }
  entry.when_ = when;
  up(entry.position_);
  down(entry.position_);
}

void deadline_queue::cancel(deadline& entry) noexcept {
  const std::size_t at = std::exchange(entry.position_, deadline::idle);
  if (at == deadline::idle) return;
  deadline* const last = heap_.back();
  heap_.pop_back();
  if (last == &entry) return;
  put(at, last);
  up(at);
  down(last->position_);
}

std::optional<steady_instant> deadline_queue::next() const noexcept {
  if (heap_.empty()) return std::nullopt;
  return heap_.front()->when_;
}

void deadline_queue::run(steady_instant now) {
  while (!heap_.empty() && heap_.front()->when_ <= now) {
    deadline& entry = *heap_.front();
    cancel(entry);
    entry.expired(now);
  }
}

core_deadlines::core_deadlines(executor where, runtime::clock& time)
    : time_{time}, timer_{std::in_place, std::move(where), time} {}
core_deadlines::~core_deadlines() = default;

void core_deadlines::set(deadline& entry, steady_instant when) {
  queue_.set(entry, when);
  arm();
}

void core_deadlines::arm() {
  const auto next = queue_.next();
  // An earlier wake-up than needed is harmless; the timer is touched only when it would come too late.
  if (!timer_ || !next || (armed_ && *armed_ <= *next)) return;
  armed_ = next;
  timer_->async_wait(*next, [this, alive = std::weak_ptr{alive_}](bool fired) {
    if (!fired || alive.expired()) return;
    armed_.reset();
    queue_.run(now());
    arm();
  });
}

}  // namespace nxg::socketio
