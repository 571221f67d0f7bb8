#include "resilience/policy.hpp"

#include "resilience/metrics.hpp"
#include "resilience/tests/spawned.hpp"
#include "runtime/timer.hpp"
#include "telemetry/tests/lines.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace nxg::resilience {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing_support::settle;
using testing_support::spawned;

/// Always the same draw: half of every range.
class half final : public runtime::random {
 public:
  void fill(std::span<std::byte> bytes) override { std::ranges::fill(bytes, std::byte{0x80}); }
};

/// A service that does what the test says, call by call, and counts.
class scripted_service {
 public:
  using step = std::function<task<std::string>(attempt_info)>;
  std::vector<step> steps;
  std::vector<attempt_info> calls;

  task<std::string> operator()(attempt_info info) {
    calls.push_back(info);
    co_return co_await steps.at(std::min(calls.size(), steps.size()) - 1)(info);
  }

  void answers(std::string text) {
    steps.push_back([text](attempt_info) -> task<std::string> { co_return text; });
  }
  void fails(failure how, std::optional<std::chrono::milliseconds> pause = {}) {
    steps.push_back([how, pause](attempt_info) -> task<std::string> {
      throw attempt_failed{how, "scripted", pause};
      co_return "";
    });
  }
  void hangs(runtime::clock& time) {
    steps.push_back([&time](attempt_info) -> task<std::string> {
      co_await runtime::sleep_for(time, 24h);
      co_return "too late";
    });
  }
};

class policy_test : public testing::Test {
 protected:
  policy_test() { renew({}); }

  void renew(policy_options options) {
    options.service = "wps";
    policy_.emplace(options, time_, random_, [this](const call_event& event) { seen(event); });
  }

  auto start(std::chrono::milliseconds deadline = 25s, call_options how = {}) {
    auto attempt = [this](attempt_info info) { return service_(info); };
    return spawned{executor{context_.get_executor()}, call(*policy_, time_.steady() + deadline, how, attempt)};
  }

  /// Lets a call run to its end, whatever time that takes.
  template <class Call>
  void finish(Call& one) {
    for (int i = 0; i < 1000 && !one.ended(); ++i) {
      settle(context_);
      if (!one.ended()) time_.advance(100ms);
    }
    ASSERT_TRUE(one.ended());
  }

  call_failed failed(std::chrono::milliseconds deadline = 25s, call_options how = {}) {
    auto one = start(deadline, how);
    finish(one);
    try {
      one.result();
    } catch (const call_failed& error) {
      return error;
    }
    ADD_FAILURE() << "the call did not fail";
    return call_failed{refusal::failed, {}, ""};
  }

  void seen(const call_event& event) {
    std::string text{name_of(event.what)};
    if (event.how) text += ":" + std::string{name_of(*event.how)};
    if (event.why) text += ":" + std::string{name_of(*event.why)};
    events_.push_back(text);
  }

  runtime::clock time_{runtime::clock::mode::adjustable};
  half random_;
  scripted_service service_;
  std::optional<policy> policy_;
  std::vector<std::string> events_;
  asio::io_context context_;  // ends first, with whoever still waits
};

TEST_F(policy_test, gives_the_answer) {
  service_.answers("plan");
  auto one = start();
  finish(one);
  EXPECT_EQ(one.result(), "plan");
  EXPECT_THAT(events_, ElementsAre("attempt_succeeded"));
}

TEST_F(policy_test, works_for_what_returns_nothing) {
  int done = 0;
  auto attempt = [&](attempt_info) -> task<void> {
    ++done;
    co_return;
  };
  auto job = [&]() -> task<int> {
    co_await call(*policy_, time_.steady() + 1s, attempt);
    co_return done;
  };
  spawned one{executor{context_.get_executor()}, job()};
  settle(context_);
  EXPECT_EQ(one.result(), 1);
}

TEST_F(policy_test, tries_again_what_may_succeed_and_no_more_than_three_times) {
  service_.fails(failure::unavailable);
  service_.fails(failure::malformed);
  service_.answers("plan");
  auto one = start();
  finish(one);
  EXPECT_EQ(one.result(), "plan");
  EXPECT_THAT(events_, ElementsAre("attempt_failed:unavailable", "retried", "attempt_failed:malformed", "retried",
                                   "attempt_succeeded"));

  service_ = {};
  service_.fails(failure::unavailable);
  const auto error = failed();
  EXPECT_EQ(error.why, refusal::failed);
  EXPECT_EQ(error.last, failure::unavailable);
  EXPECT_THAT(error.what(), HasSubstr("wps: failed, unavailable: scripted"));
  EXPECT_EQ(service_.calls.size(), 3u);
}

TEST_F(policy_test, does_not_repeat_what_is_final_or_may_not_be_repeated) {
  service_.fails(failure::rejected);
  EXPECT_EQ(failed().last, failure::rejected);
  EXPECT_EQ(service_.calls.size(), 1u);
  service_ = {};
  service_.fails(failure::unavailable);
  failed(25s, {.repeatable = false});
  EXPECT_EQ(service_.calls.size(), 1u);
}

TEST_F(policy_test, waits_as_long_as_the_service_asks_and_passes_it_on_when_there_is_no_time) {
  service_.fails(failure::throttled, 5s);
  service_.answers("plan");
  const auto began = time_.steady();
  auto one = start();
  finish(one);
  EXPECT_EQ(one.result(), "plan");
  EXPECT_GE(time_.steady() - began, 5s);

  service_ = {};
  service_.fails(failure::throttled, 60s);
  EXPECT_EQ(failed().retry_after, 60s);
  EXPECT_EQ(service_.calls.size(), 1u);
}

TEST_F(policy_test, a_pause_the_service_asked_for_is_kept_by_all_calls) {
  service_.fails(failure::throttled, 60s);
  service_.answers("plan");
  failed();
  const auto told = failed();
  EXPECT_EQ(told.why, refusal::asked_to_pause);
  // The clock goes on by itself, too.
  EXPECT_LE(told.retry_after.value(), 60s);
  EXPECT_GT(told.retry_after.value(), 50s);
  EXPECT_LE(policy_->retry_after(), 60s);
  EXPECT_GT(policy_->retry_after(), 50s);
  EXPECT_EQ(policy_->breaker(), breaker_state::closed) << "it is well";
  time_.advance(60s);
  EXPECT_EQ(policy_->retry_after(), 0s);
  auto one = start();
  finish(one);
  EXPECT_EQ(one.result(), "plan");
  EXPECT_EQ(service_.calls.size(), 2u);
}

TEST_F(policy_test, a_service_that_asks_for_a_year_is_tried_again) {
  service_.fails(failure::throttled, 24h * 365);
  service_.fails(failure::throttled, 1s);
  service_.answers("plan");
  failed();
  EXPECT_LE(policy_->retry_after(), 5min);
  EXPECT_GT(policy_->retry_after(), 4min + 50s);
  time_.advance(5min);
  auto one = start();
  finish(one);
  EXPECT_EQ(one.result(), "plan");
}

TEST_F(policy_test, repeats_only_while_the_caller_wants_it) {
  service_.fails(failure::unavailable);
  service_.fails(failure::unavailable);
  service_.answers("plan");
  int asked = 0;
  const auto once = [&]() -> task<bool> { co_return ++asked < 2; };
  const auto error = failed(25s, {.may_repeat = once});
  EXPECT_EQ(error.why, refusal::withdrawn);
  EXPECT_EQ(error.last, failure::unavailable);
  EXPECT_EQ(service_.calls.size(), 2u);
  EXPECT_THAT(events_,
              ElementsAre("attempt_failed:unavailable", "retried", "attempt_failed:unavailable", "refused:withdrawn"));

  service_ = {};
  service_.fails(failure::unavailable);
  const auto never = [&]() -> task<bool> {
    co_await runtime::sleep_for(time_, 24h);
    co_return true;
  };
  EXPECT_EQ(failed(25s, {.may_repeat = never}).why, refusal::deadline);
  EXPECT_EQ(service_.calls.size(), 1u);
}

TEST_F(policy_test, each_attempt_has_its_time_out_inside_the_deadline) {
  service_.hangs(time_);
  const auto began = time_.steady();
  const auto error = failed(25s);
  EXPECT_EQ(error.last, failure::timed_out);
  EXPECT_EQ(service_.calls.size(), 3u);
  EXPECT_LE(time_.steady() - began, 26s);
  EXPECT_LE(service_.calls.at(0).deadline - began, 10s + 100ms);
  EXPECT_LE(service_.calls.at(2).deadline - began, 25s + 100ms);
}

TEST_F(policy_test, sends_nothing_when_no_time_is_left) {
  EXPECT_EQ(failed(0s).why, refusal::deadline);
  EXPECT_TRUE(service_.calls.empty());
}

TEST_F(policy_test, the_breaker_opens_on_failures_answers_at_once_and_closes_again_by_itself) {
  service_.fails(failure::unavailable);
  for (int i = 0; i < 10; ++i) failed(25s, {.repeatable = false});
  EXPECT_EQ(policy_->breaker(), breaker_state::open);
  const auto sent = service_.calls.size();
  const auto error = failed();
  EXPECT_EQ(error.why, refusal::breaker_open);
  EXPECT_GT(*error.retry_after, 20s);
  EXPECT_EQ(service_.calls.size(), sent);

  service_ = {};
  service_.answers("plan");
  time_.advance(30s);
  for (int i = 0; i < 3; ++i) {
    auto one = start();
    finish(one);
    EXPECT_EQ(one.result(), "plan");
  }
  EXPECT_EQ(policy_->breaker(), breaker_state::closed);
  EXPECT_EQ(std::ranges::count(events_, "breaker_changed"), 3);
}

TEST_F(policy_test, a_service_that_hangs_opens_the_breaker_although_the_callers_leave_first) {
  policy_options options;
  options.breaker.minimum_calls = 4;
  renew(options);
  service_.hangs(time_);
  for (int i = 0; i < 4; ++i) {
    auto one = start();
    settle(context_);
    time_.advance(9s);
    settle(context_);
    one.cancel();
    settle(context_);
    EXPECT_TRUE(one.aborted());
  }
  EXPECT_EQ(policy_->breaker(), breaker_state::open);
}

TEST_F(policy_test, callers_who_leave_early_say_nothing_about_the_service) {
  policy_options options;
  options.breaker.minimum_calls = 4;
  renew(options);
  service_.hangs(time_);
  for (int i = 0; i < 20; ++i) {
    auto one = start();
    settle(context_);
    one.cancel();
    settle(context_);
    EXPECT_TRUE(one.aborted());
    EXPECT_EQ(policy_->running(), 0u);
  }
  EXPECT_EQ(policy_->breaker(), breaker_state::closed);
}

TEST_F(policy_test, an_exception_of_our_own_comes_through_and_is_nobodys_fault) {
  policy_options options;
  options.breaker.minimum_calls = 1;
  renew(options);
  service_.steps.push_back([](attempt_info) -> task<std::string> {
    throw std::logic_error{"a bug"};
    co_return "";
  });
  auto one = start();
  finish(one);
  EXPECT_THROW(one.result(), std::logic_error);
  EXPECT_EQ(policy_->breaker(), breaker_state::closed);
  EXPECT_THAT(events_, ElementsAre("attempt_abandoned"));
}

TEST_F(policy_test, a_full_bulkhead_refuses) {
  policy_options options;
  options.bulkhead = {.max_running = 1, .max_waiting = 0, .max_wait = 1s};
  renew(options);
  service_.hangs(time_);
  auto one = start();
  settle(context_);
  EXPECT_EQ(failed().why, refusal::saturated);
  one.cancel();
  settle(context_);
}

TEST_F(policy_test, the_quota_stops_us_before_the_service_does) {
  policy_options options;
  options.quota.granted = {3, 1min, 2};
  options.quota.reserved_for_interactive = 0;
  renew(options);
  service_.answers("plan");
  for (int i = 0; i < 2; ++i) {
    auto one = start();
    finish(one);
    EXPECT_EQ(one.result(), "plan");
  }
  const auto error = failed();
  EXPECT_EQ(error.why, refusal::quota_exhausted);
  EXPECT_GT(*error.retry_after, 20s);
}

TEST_F(policy_test, retries_end_with_their_budget) {
  policy_options options;
  options.budget = {.per_call = 0, .saved = 3};
  options.breaker.minimum_calls = 1000;
  renew(options);
  service_.fails(failure::unavailable);
  for (int i = 0; i < 5; ++i) failed();
  EXPECT_EQ(service_.calls.size(), 5u + 3u);
}

TEST_F(policy_test, metrics_and_log_tell_what_happened) {
  telemetry::metrics metrics;
  const auto lines = std::make_shared<telemetry::kept_lines>();
  const telemetry::logger log{lines, time_};
  policy_options options;
  options.service = "wps";
  options.breaker.minimum_calls = 3;
  policy_.emplace(options, time_, random_, observe_with(metrics, log, "wps"));
  service_.fails(failure::unavailable);
  failed();
  failed();
  const auto text = metrics.render();
  EXPECT_THAT(text, HasSubstr("nxg_outside_attempts_total{outcome=\"unavailable\",service=\"wps\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("nxg_outside_refusals_total{reason=\"breaker_open\",service=\"wps\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("nxg_outside_breaker_state{service=\"wps\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("nxg_outside_attempt_seconds_count{service=\"wps\"} 3\n"));
  EXPECT_THAT(lines->lines(),
              testing::Contains(HasSubstr(R"("message":"circuit breaker changed","service":"wps","state":"open")")));
  // What came of the call is the caller's to warn of.
  EXPECT_THAT(lines->lines(), testing::Contains(HasSubstr(R"("level":"warn")")).Times(1));
  EXPECT_THAT(lines->lines(), testing::Contains(HasSubstr(R"("level":"info","message":"wps call without result")")));
}

TEST(finish_by, cancels_what_takes_too_long_and_lets_through_what_does_not) {
  runtime::clock time{runtime::clock::mode::adjustable};
  asio::io_context context;
  bool undone = false;
  auto slow = [&]() -> task<void> {
    try {
      co_await runtime::sleep_for(time, 1h);
    } catch (...) {
      undone = true;
      throw;
    }
  };
  auto quick = []() -> task<void> { co_return; };
  spawned late{executor{context.get_executor()}, finish_by(time, time.steady() + 1s, slow())};
  spawned early{executor{context.get_executor()}, finish_by(time, time.steady() + 1s, quick())};
  settle(context);
  EXPECT_TRUE(early.result());
  EXPECT_FALSE(late.ended());
  time.advance(1s);
  settle(context);
  EXPECT_FALSE(late.result());
  EXPECT_TRUE(undone);
}

}  // namespace
}  // namespace nxg::resilience
