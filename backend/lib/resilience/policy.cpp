#include "resilience/policy.hpp"

#include "runtime/timer.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <atomic>
#include <exception>

namespace nxg::resilience {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

namespace {

constexpr milliseconds saturated_pause{1'000};

/// What a failure says about the service.
outcome verdict(failure how) noexcept {
  switch (how) {
    case failure::unavailable:
    case failure::timed_out:
    case failure::malformed:
    case failure::unauthorized: return outcome::failure;
    case failure::throttled: return outcome::neutral;
    case failure::rejected: return outcome::success;
  }
  std::unreachable();
}

bool may_retry(failure how) noexcept {
  switch (how) {
    case failure::unavailable:
    case failure::timed_out:
    case failure::malformed:
    case failure::throttled: return true;
    case failure::rejected:
    case failure::unauthorized: return false;
  }
  std::unreachable();
}

/// How an attempt ended.
struct attempt_result {
  std::optional<attempt_failed> failed;
  /// Of our own making, or the caller's cancellation: goes to the caller as it is.
  std::exception_ptr foreign;
};

attempt_result classify(const std::exception_ptr& error, bool finished) {
  if (!error && finished) return {};
  if (!error) return {attempt_failed{failure::timed_out, "no answer in time"}, {}};
  try {
    std::rethrow_exception(error);
  } catch (const attempt_failed& known) {
    return {known, {}};
  } catch (...) {
    return {std::nullopt, error};
  }
}

}  // namespace

std::string_view name_of(call_event::kind what) noexcept {
  switch (what) {
    case call_event::kind::attempt_succeeded: return "attempt_succeeded";
    case call_event::kind::attempt_failed: return "attempt_failed";
    case call_event::kind::attempt_abandoned: return "attempt_abandoned";
    case call_event::kind::retried: return "retried";
    case call_event::kind::refused: return "refused";
    case call_event::kind::breaker_changed: return "breaker_changed";
  }
  std::unreachable();
}

struct policy::state {
  state(policy_options with, runtime::clock& clock, runtime::random& source, observer watch)
      : options{std::move(with)},
        time{clock},
        random{source},
        observe{std::move(watch)},
        breaker{options.breaker},
        retry{options.retry},
        budget{options.budget},
        places{options.bulkhead, clock},
        asked{options.longest_asked_pause},
        own_quota{options.quota} {}

  /// Reports to the breaker exactly once, also when the coroutine is destroyed half way.
  class admission {
   public:
    admission(state& of, circuit_breaker::ticket ticket) : of_{of}, ticket_{ticket} {}
    admission(const admission&) = delete;
    admission& operator=(const admission&) = delete;
    ~admission() { report(outcome::neutral); }
    void report(outcome how) {
      if (std::exchange(reported_, true)) return;
      of_.breaker.report(ticket_, how, of_.time.steady());
      of_.look_at_breaker();
    }

   private:
    state& of_;
    circuit_breaker::ticket ticket_;
    bool reported_ = false;
  };

  void tell(call_event event) {
    event.service = options.service;
    if (observe) observe(event);
  }

  void look_at_breaker() {
    const auto now = breaker.state(time.steady());
    if (seen.exchange(now) != now) tell({.what = call_event::kind::breaker_changed, .breaker = now});
  }

  [[noreturn]] void refuse(refusal why, const std::optional<attempt_failed>& last, std::optional<milliseconds> pause) {
    tell({.what = call_event::kind::refused, .why = why});
    std::string text = options.service + ": " + std::string{name_of(why)};
    std::optional<failure> how;
    if (last) {
      how = last->how;
      text += ", " + std::string{name_of(last->how)} + ": " + last->what();
    }
    throw call_failed{why, how, text, pause};
  }

  [[nodiscard]] milliseconds retry_after() const {
    const auto now = time.steady();
    return std::max(breaker.retry_after(now), asked.left(now));
  }

  /// When asking again makes sense, after a failure.
  std::optional<milliseconds> pause_after(const attempt_failed& last) const {
    const auto closed_for = retry_after();
    if (closed_for == milliseconds{0}) return last.retry_after;
    return std::max(closed_for, last.retry_after.value_or(milliseconds{0}));
  }

  /// Before the wait for a place, so that the answer comes at once.
  void refuse_what_would_be_in_vain(const std::optional<attempt_failed>& last) {
    const auto now = time.steady();
    if (const auto open = breaker.retry_after(now); open > milliseconds{0}) refuse(refusal::breaker_open, last, open);
    if (const auto left = asked.left(now); left > milliseconds{0}) refuse(refusal::asked_to_pause, last, left);
  }

  /// True when an attempt of that length says something even though the caller's deadline or departure ended it.
  bool was_fair(std::chrono::nanoseconds took) const { return took >= options.attempt_timeout / 2; }

  task<rate_decision> within_quota(bool background);
  task<bool> still_wanted(const call_options& how, steady_instant deadline);
  task<attempt_result> attempt_once(const attempt_function& attempt, attempt_info info, bool background,
                                    const std::optional<attempt_failed>& last);
  void judge(admission& of, const attempt_result& result, std::chrono::nanoseconds took);

  const policy_options options;
  runtime::clock& time;
  runtime::random& random;
  const observer observe;
  circuit_breaker breaker;
  const retry_policy retry;
  retry_budget budget;
  bulkhead places;
  asked_pause asked;
  quota own_quota;
  std::atomic<breaker_state> seen{breaker_state::closed};
};

void policy::state::judge(admission& of, const attempt_result& result, std::chrono::nanoseconds took) {
  using enum call_event::kind;
  if (result.foreign) {
    of.report(was_fair(took) ? outcome::failure : outcome::neutral);
    tell({.what = attempt_abandoned, .took = took});
  } else if (result.failed) {
    if (result.failed->how == failure::throttled) asked.ask(result.failed->retry_after.value_or(0ms), time.steady());
    const bool too_short = result.failed->how == failure::timed_out && !was_fair(took);
    of.report(too_short ? outcome::neutral : verdict(result.failed->how));
    tell({.what = attempt_failed, .took = took, .how = result.failed->how});
  } else {
    of.report(outcome::success);
    tell({.what = attempt_succeeded, .took = took});
  }
}

task<rate_decision> policy::state::within_quota(bool background) {
  if (!options.shared_quota) co_return own_quota.take(time.steady(), background);
  const auto answer = co_await options.shared_quota(background);
  co_return answer;
}

task<bool> policy::state::still_wanted(const call_options& how, steady_instant deadline) {
  bool wanted = true;
  if (!how.may_repeat) co_return wanted;
  const auto ask = [&]() -> task<void> { wanted = co_await how.may_repeat(); };
  // Out of time, it is the deadline that ends the call.
  co_await finish_by(time, deadline, ask());
  co_return wanted;
}

task<attempt_result> policy::state::attempt_once(const attempt_function& attempt, attempt_info info, bool background,
                                                 const std::optional<attempt_failed>& last) {
  refuse_what_would_be_in_vain(last);
  const auto place = co_await places.enter(info.deadline);
  if (!place) refuse(time.steady() >= info.deadline ? refusal::deadline : refusal::saturated, last, saturated_pause);

  const auto ticket = breaker.admit(time.steady());
  look_at_breaker();
  if (!ticket) refuse(refusal::breaker_open, last, std::max(breaker.retry_after(time.steady()), milliseconds{1}));
  admission admitted{*this, *ticket};
  const auto granted = co_await within_quota(background);
  if (!granted.allowed) refuse(refusal::quota_exhausted, last, granted.retry_after);

  const auto began = time.steady();
  info.deadline = std::min(info.deadline, began + options.attempt_timeout);
  bool finished = false;
  std::exception_ptr error;
  try {
    finished = co_await finish_by(time, info.deadline, attempt(info));
  } catch (...) {
    error = std::current_exception();
  }
  auto result = classify(error, finished);
  judge(admitted, result, time.steady() - began);
  co_return result;
}

policy::policy(policy_options options, runtime::clock& time, runtime::random& random, observer observe)
    : state_{std::make_unique<state>(std::move(options), time, random, std::move(observe))} {}
policy::~policy() = default;

const std::string& policy::service() const noexcept { return state_->options.service; }
breaker_state policy::breaker() const { return state_->breaker.state(state_->time.steady()); }
milliseconds policy::retry_after() const { return state_->retry_after(); }
std::size_t policy::running() const { return state_->places.running(); }
std::size_t policy::waiting() const { return state_->places.waiting(); }

task<void> policy::run(steady_instant deadline, call_options how, attempt_function attempt) {
  auto& s = *state_;
  s.budget.earn();
  std::optional<attempt_failed> last;
  for (unsigned number = 1;; ++number) {
    if (s.time.steady() >= deadline) s.refuse(refusal::deadline, last, std::nullopt);
    const auto result = co_await s.attempt_once(attempt, {number, deadline}, how.background, last);
    if (result.foreign) std::rethrow_exception(result.foreign);
    if (!result.failed) co_return;

    last.emplace(*result.failed);
    const bool repeat = how.repeatable && may_retry(last->how);
    const auto pause = s.retry.pause(number, s.random.unit(), last->retry_after, deadline - s.time.steady());
    if (!repeat || !pause || !s.budget.spend()) s.refuse(refusal::failed, last, s.pause_after(*last));
    co_await runtime::sleep_for(s.time, *pause);
    const bool wanted = co_await s.still_wanted(how, deadline);
    if (!wanted) s.refuse(refusal::withdrawn, last, std::nullopt);
    s.tell({.what = call_event::kind::retried});
  }
}

}  // namespace nxg::resilience
