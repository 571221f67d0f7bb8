#include "resilience/circuit_breaker.hpp"

#include <algorithm>
#include <stdexcept>

namespace nxg::resilience {

namespace {

constexpr std::size_t slice_count = 10;

breaker_options checked(breaker_options options) {
  using std::chrono::milliseconds;
  if (!(options.failure_ratio > 0 && options.failure_ratio <= 1) || options.minimum_calls == 0 || options.probes == 0 ||
      options.window < milliseconds{slice_count} || options.open_for <= milliseconds{0} ||
      options.probe_expiry <= milliseconds{0}) {
    throw std::invalid_argument{"a circuit breaker needs a ratio in (0, 1], and everything else above zero"};
  }
  return options;
}

std::chrono::milliseconds until(steady_instant when, steady_instant now) {
  return when <= now ? std::chrono::milliseconds{0} : std::chrono::ceil<std::chrono::milliseconds>(when - now);
}

}  // namespace

circuit_breaker::circuit_breaker(breaker_options options) : options_{checked(options)}, slices_(slice_count) {}

std::optional<circuit_breaker::ticket> circuit_breaker::admit(steady_instant now) {
  const std::lock_guard lock{mutex_};
  settle(now);
  switch (state_) {
    case breaker_state::open: return std::nullopt;
    case breaker_state::closed: return ticket{period_, 0};
    case breaker_state::half_open: break;
  }
  if (probes_.size() >= options_.probes) return std::nullopt;
  probes_.push_back({++last_probe_, now + options_.probe_expiry});
  return ticket{period_, last_probe_};
}

void circuit_breaker::report(ticket call, outcome how, steady_instant now) {
  const std::lock_guard lock{mutex_};
  settle(now);
  if (call.period != period_) return;
  if (state_ == breaker_state::closed) {
    if (how == outcome::neutral) return;
    count(how == outcome::failure, now);
    count_row(how == outcome::failure, now);
    // A success may bring the calls to their minimum; it is no reason to open.
    if (how == outcome::failure && too_many_failures(now)) open(now);
    return;
  }
  const auto known = std::ranges::find(probes_, call.probe, &probe::id);
  if (known == probes_.end()) return;
  probes_.erase(known);
  if (how == outcome::failure) {
    open(now);
  } else if (how == outcome::success && ++successes_ >= options_.probes) {
    close();
  }
}

breaker_state circuit_breaker::state(steady_instant now) const {
  const std::lock_guard lock{mutex_};
  const bool over = state_ == breaker_state::open && now >= opened_at_ + options_.open_for;
  return over ? breaker_state::half_open : state_;
}

std::chrono::milliseconds circuit_breaker::retry_after(steady_instant now) const {
  const std::lock_guard lock{mutex_};
  if (state_ == breaker_state::open) return until(opened_at_ + options_.open_for, now);
  if (state_ == breaker_state::closed || probes_.size() < options_.probes) return std::chrono::milliseconds{0};
  return until(std::ranges::min(probes_, {}, &probe::expires).expires, now);
}

std::uint64_t circuit_breaker::times_opened() const {
  const std::lock_guard lock{mutex_};
  return opened_;
}

/// Does what time alone brings about.
void circuit_breaker::settle(steady_instant now) {
  if (state_ == breaker_state::open && now >= opened_at_ + options_.open_for) {
    state_ = breaker_state::half_open;
    ++period_;
    successes_ = 0;
    probes_.clear();
  }
  if (state_ == breaker_state::half_open) {
    std::erase_if(probes_, [now](const probe& one) { return now >= one.expires; });
  }
}

void circuit_breaker::open(steady_instant now) {
  state_ = breaker_state::open;
  ++period_;
  ++opened_;
  opened_at_ = now;
  failures_in_a_row_ = 0;
}

void circuit_breaker::close() {
  state_ = breaker_state::closed;
  ++period_;
  std::ranges::fill(slices_, slice{});
}

void circuit_breaker::count(bool failed, steady_instant now) {
  const std::int64_t number = slice_number(now);
  auto& current = slices_[static_cast<std::size_t>(number) % slice_count];
  if (current.number < number) current = slice{number, 0, 0};
  ++current.calls;
  current.failures += failed ? 1 : 0;
}

/// A row is forgotten with the window, as all failures are.
void circuit_breaker::count_row(bool failed, steady_instant now) {
  if (!failed || now - last_failure_ >= options_.window) failures_in_a_row_ = 0;
  if (!failed) return;
  ++failures_in_a_row_;
  last_failure_ = now;
}

bool circuit_breaker::too_many_failures(steady_instant now) const {
  if (failures_in_a_row_ >= options_.minimum_calls) return true;
  const std::int64_t oldest = slice_number(now) - static_cast<std::int64_t>(slice_count);
  std::size_t calls = 0;
  std::size_t failures = 0;
  for (const auto& one : slices_) {
    if (one.number <= oldest) continue;
    calls += one.calls;
    failures += one.failures;
  }
  return calls >= options_.minimum_calls &&
         static_cast<double>(failures) >= options_.failure_ratio * static_cast<double>(calls);
}

std::int64_t circuit_breaker::slice_number(steady_instant now) const {
  return now.time_since_epoch() / (std::chrono::nanoseconds{options_.window} / slice_count);
}

}  // namespace nxg::resilience
