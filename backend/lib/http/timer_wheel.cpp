#include "http/timer_wheel.hpp"

#include <algorithm>

namespace nxg::http {

timer_wheel::timer_wheel(executor where, runtime::clock& time)
    : time_{time}, start_{time.steady()}, timer_{std::move(where), time} {}

timer_wheel::~timer_wheel() = default;

/// The first tick that is not before `when`.
std::int64_t timer_wheel::tick_of(steady_instant when) const noexcept {
  return std::chrono::ceil<std::chrono::milliseconds>(when - start_) / tick + 1;
}

void timer_wheel::set(entry& one, steady_instant when) {
  one.due_ = when;
  const auto at = tick_of(when);
  if (one.is_linked()) {
    if (one.place_ <= at) return;
    one.unlink();
  } else if (!waiting_) {
    // Nothing was linked: the places since the last visit are empty.
    next_ = std::max(next_, tick_of(now()) - 1);
  }
  link(one, at);
  if (!waiting_) wait();
}

void timer_wheel::link(entry& one, std::int64_t at) {
  one.place_ = std::clamp(at, next_, next_ + places - 1);
  places_[static_cast<std::size_t>(one.place_ % places)].push_back(one);
}

void timer_wheel::wait() {
  waiting_ = true;
  timer_.async_wait(start_ + next_ * tick, [this](bool fired) {
    // Not fired: the wheel is being destroyed.
    if (fired) advance();
  });
}

void timer_wheel::advance() {
  const auto reached = tick_of(now()) - 1;
  const auto first = next_;
  // After a jump of the clock one round visits everybody.
  const auto last = std::min(reached, first + places - 1);
  next_ = std::max(next_, reached + 1);
  for (auto at = first; at <= last; ++at) visit(places_[static_cast<std::size_t>(at % places)]);
  waiting_ = false;
  if (std::ranges::any_of(places_, [](const list& place) { return !place.empty(); })) wait();
}

void timer_wheel::visit(list& place) {
  list due;
  due.swap(place);
  const auto moment = now();
  while (!due.empty()) {
    auto& one = due.front();
    due.pop_front();
    if (one.due_ == steady_instant::max()) continue;
    if (one.due_ <= moment) {
      one.due_ = steady_instant::max();
      one.expired();
    } else {
      link(one, tick_of(one.due_));
    }
  }
}

}  // namespace nxg::http
