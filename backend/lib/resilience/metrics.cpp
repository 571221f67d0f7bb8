#include "resilience/metrics.hpp"

#include <map>
#include <memory>
#include <string>

namespace nxg::resilience {

namespace {

using telemetry::counter;
using telemetry::labels;
using telemetry::log_level;

/// The series of one service, all made beforehand: an event costs no look-up by name.
class observation {
 public:
  observation(telemetry::metrics& metrics, telemetry::logger log, std::string service)
      : log_{log.with({{"service", service}})}, refused_text_{service + " call without result"} {
    const labels one{{"service", service}};
    const auto with = [&](const char* label, std::string_view value) {
      labels more = one;
      more.emplace(label, value);
      return more;
    };
    const auto attempts = [&](std::string_view outcome) {
      return metrics.make_counter("nxg_outside_attempts_total", "Attempts of calls to outside services.",
                                  with("outcome", outcome));
    };
    succeeded_ = attempts("succeeded");
    abandoned_ = attempts("abandoned");
    for (const auto how : {failure::unavailable, failure::timed_out, failure::throttled, failure::malformed,
                           failure::rejected, failure::unauthorized}) {
      failed_[how] = attempts(name_of(how));
      // A text of its own for each: one that is repeated must not hide the first of another kind.
      failed_texts_[how] = service + " attempt failed: " + std::string{name_of(how)};
    }
    for (const auto why : {refusal::breaker_open, refusal::saturated, refusal::quota_exhausted, refusal::asked_to_pause,
                           refusal::withdrawn, refusal::deadline, refusal::failed}) {
      refused_[why] = metrics.make_counter("nxg_outside_refusals_total", "Calls that ended without result.",
                                           with("reason", name_of(why)));
    }
    for (const auto state : {breaker_state::closed, breaker_state::half_open, breaker_state::open}) {
      changes_[state] = metrics.make_counter("nxg_outside_breaker_changes_total", "Changes of a breaker into a state.",
                                             with("state", text(state)));
    }
    retries_ = metrics.make_counter("nxg_outside_retries_total", "Attempts after the first.", one);
    seconds_ = metrics.make_histogram("nxg_outside_attempt_seconds", "How long attempts took.",
                                      telemetry::latency_buckets(), one);
    state_ =
        metrics.make_gauge("nxg_outside_breaker_state", "0 closed, 1 half-open, 2 open, as last seen by a call.", one);
  }

  void take(const call_event& event) const {
    switch (event.what) {
      case call_event::kind::attempt_succeeded: succeeded_.increment(); return seconds_.observe(in_seconds(event.took));
      case call_event::kind::attempt_abandoned: abandoned_.increment(); return seconds_.observe(in_seconds(event.took));
      case call_event::kind::attempt_failed:
        if (event.how) attempt_failed(*event.how, event.took);
        return;
      case call_event::kind::retried: return retries_.increment();
      case call_event::kind::refused:
        if (event.why) refused(*event.why);
        return;
      case call_event::kind::breaker_changed:
        if (event.breaker) breaker_changed(*event.breaker);
        return;
    }
  }

 private:
  static std::string_view text(breaker_state state) {
    switch (state) {
      case breaker_state::closed: return "closed";
      case breaker_state::half_open: return "half_open";
      case breaker_state::open: return "open";
    }
    std::unreachable();
  }

  static double in_seconds(std::chrono::nanoseconds time) { return std::chrono::duration<double>{time}.count(); }

  void attempt_failed(failure how, std::chrono::nanoseconds took) const {
    failed_.at(how).increment();
    seconds_.observe(in_seconds(took));
    log_.repeated(log_level::info, failed_texts_.at(how), {{"failure", name_of(how)}, {"tookMs", took}});
  }

  void refused(refusal why) const {
    refused_.at(why).increment();
    log_.repeated(log_level::info, refused_text_, {{"reason", name_of(why)}});
  }

  void breaker_changed(breaker_state state) const {
    changes_.at(state).increment();
    state_.set(state == breaker_state::closed ? 0 : state == breaker_state::half_open ? 1 : 2);
    log_.write(state == breaker_state::open ? log_level::warn : log_level::info, "circuit breaker changed",
               {{"state", text(state)}});
  }

  telemetry::logger log_;
  std::string refused_text_;
  counter succeeded_;
  counter abandoned_;
  counter retries_;
  std::map<failure, counter> failed_;
  std::map<failure, std::string> failed_texts_;
  std::map<refusal, counter> refused_;
  std::map<breaker_state, counter> changes_;
  telemetry::histogram seconds_;
  telemetry::gauge state_;
};

}  // namespace

policy::observer observe_with(telemetry::metrics& metrics, telemetry::logger log, std::string_view service) {
  return [all = std::make_shared<const observation>(metrics, std::move(log), std::string{service})](
             const call_event& event) { all->take(event); };
}

}  // namespace nxg::resilience
