#include "resilience/circuit_breaker.hpp"

#include <gtest/gtest.h>

#include <random>
#include <stdexcept>
#include <thread>
#include <vector>

namespace nxg::resilience {
namespace {

using namespace std::chrono_literals;

/// A breaker and its time.
struct bench {
  circuit_breaker breaker;
  steady_instant now{1000h};

  explicit bench(breaker_options options = {}) : breaker{options} {}
  void call(outcome how) {
    const auto ticket = breaker.admit(now);
    ASSERT_TRUE(ticket);
    breaker.report(*ticket, how, now);
  }
  void calls(int count, outcome how) {
    for (int i = 0; i < count; ++i) call(how);
  }
  void open() {
    calls(10, outcome::failure);
    ASSERT_EQ(breaker.state(now), breaker_state::open);
  }
  breaker_state state() const { return breaker.state(now); }
};

TEST(circuit_breaker, opens_when_half_of_enough_calls_failed) {
  bench b;
  b.calls(5, outcome::success);
  b.calls(4, outcome::failure);
  EXPECT_EQ(b.state(), breaker_state::closed);
  b.call(outcome::failure);
  EXPECT_EQ(b.state(), breaker_state::open);
  EXPECT_FALSE(b.breaker.admit(b.now));
  EXPECT_EQ(b.breaker.retry_after(b.now), 30s);
  EXPECT_EQ(b.breaker.times_opened(), 1u);
}

TEST(circuit_breaker, does_not_judge_by_too_few_calls_nor_by_old_ones_nor_by_neutral_ones) {
  bench b;
  b.calls(9, outcome::failure);
  b.calls(100, outcome::neutral);
  EXPECT_EQ(b.state(), breaker_state::closed);
  b.now += 31s;
  b.calls(9, outcome::failure);
  EXPECT_EQ(b.state(), breaker_state::closed);
  b.call(outcome::failure);
  EXPECT_EQ(b.state(), breaker_state::open);
}

TEST(circuit_breaker, stays_closed_below_the_ratio) {
  bench b;
  for (int i = 0; i < 1000; ++i) {
    b.calls(2, outcome::success);
    b.call(outcome::failure);
    b.now += 100ms;
  }
  EXPECT_EQ(b.state(), breaker_state::closed);
}

TEST(circuit_breaker, opens_when_as_many_in_a_row_failed_whatever_succeeded_before) {
  bench b;
  b.calls(600, outcome::success);
  b.calls(9, outcome::failure);
  b.call(outcome::success);
  b.calls(9, outcome::failure);
  EXPECT_EQ(b.state(), breaker_state::closed);
  b.call(outcome::failure);
  EXPECT_EQ(b.state(), breaker_state::open);
}

TEST(circuit_breaker, a_row_is_forgotten_with_the_window) {
  bench b;
  for (int i = 0; i < 30; ++i) {
    b.call(outcome::failure);
    b.now += 31s;
  }
  EXPECT_EQ(b.state(), breaker_state::closed);
}

TEST(circuit_breaker, lets_a_few_probes_through_after_its_time_and_closes_when_they_succeed) {
  bench b;
  b.open();
  b.now += 29'999ms;
  EXPECT_FALSE(b.breaker.admit(b.now));
  b.now += 1ms;
  EXPECT_EQ(b.state(), breaker_state::half_open);
  const auto one = b.breaker.admit(b.now);
  const auto two = b.breaker.admit(b.now);
  const auto three = b.breaker.admit(b.now);
  ASSERT_TRUE(one && two && three);
  EXPECT_FALSE(b.breaker.admit(b.now));
  EXPECT_GT(b.breaker.retry_after(b.now), 0s);
  b.breaker.report(*one, outcome::success, b.now);
  b.breaker.report(*two, outcome::success, b.now);
  EXPECT_EQ(b.state(), breaker_state::half_open);
  b.breaker.report(*three, outcome::success, b.now);
  EXPECT_EQ(b.state(), breaker_state::closed);
  b.calls(9, outcome::failure);
  EXPECT_EQ(b.state(), breaker_state::closed) << "the failures from before are forgotten";
}

TEST(circuit_breaker, one_failed_probe_opens_it_again) {
  bench b;
  b.open();
  b.now += 30s;
  b.calls(2, outcome::success);
  b.call(outcome::failure);
  EXPECT_EQ(b.state(), breaker_state::open);
  EXPECT_EQ(b.breaker.retry_after(b.now), 30s);
}

TEST(circuit_breaker, probes_that_never_report_free_their_places) {
  bench b;
  b.open();
  b.now += 30s;
  std::vector<circuit_breaker::ticket> lost;
  for (int i = 0; i < 3; ++i) lost.push_back(*b.breaker.admit(b.now));
  EXPECT_FALSE(b.breaker.admit(b.now));
  EXPECT_EQ(b.breaker.retry_after(b.now), 30s);
  b.now += 30s;
  b.calls(3, outcome::success);
  EXPECT_EQ(b.state(), breaker_state::closed);
  for (const auto& late : lost) b.breaker.report(late, outcome::failure, b.now);
  EXPECT_EQ(b.state(), breaker_state::closed);
}

TEST(circuit_breaker, a_late_answer_of_an_earlier_period_says_nothing) {
  bench b;
  const auto before = *b.breaker.admit(b.now);
  b.open();
  b.breaker.report(before, outcome::success, b.now);
  EXPECT_EQ(b.state(), breaker_state::open);
  b.now += 30s;
  const auto probe = *b.breaker.admit(b.now);
  b.breaker.report(before, outcome::failure, b.now);
  EXPECT_EQ(b.state(), breaker_state::half_open);
  b.breaker.report(probe, outcome::success, b.now);
  b.breaker.report(probe, outcome::success, b.now);
  b.breaker.report(probe, outcome::success, b.now);
  EXPECT_EQ(b.state(), breaker_state::half_open) << "one probe counts once";
}

TEST(circuit_breaker, refuses_options_that_could_never_work) {
  EXPECT_THROW(circuit_breaker{breaker_options{.failure_ratio = 0}}, std::invalid_argument);
  EXPECT_THROW(circuit_breaker{breaker_options{.failure_ratio = 1.1}}, std::invalid_argument);
  EXPECT_THROW(circuit_breaker{breaker_options{.minimum_calls = 0}}, std::invalid_argument);
  EXPECT_THROW(circuit_breaker{breaker_options{.open_for = 0ms}}, std::invalid_argument);
  EXPECT_THROW(circuit_breaker{breaker_options{.probes = 0}}, std::invalid_argument);
}

/// Does anything a set of careless callers could do, and checks at every refusal and at the end that the way back is
/// open.
class careless_callers {
 public:
  explicit careless_callers(std::uint64_t seed) : source_{seed}, options_{random_options()}, bench_{options_} {}

  void run() {
    for (int step = 0; step < 300 && !testing::Test::HasFailure(); ++step) act();
    if (!testing::Test::HasFailure()) must_recover();
  }

 private:
  std::size_t below(std::size_t bound) { return source_() % bound; }

  breaker_options random_options() {
    breaker_options options;
    options.failure_ratio = 0.1 + 0.1 * static_cast<double>(below(10));
    options.minimum_calls = 1 + below(12);
    options.window = std::chrono::milliseconds{10 + below(60'000)};
    options.open_for = std::chrono::milliseconds{1 + below(60'000)};
    options.probes = 1 + below(4);
    options.probe_expiry = std::chrono::milliseconds{1 + below(60'000)};
    return options;
  }

  void act() {
    switch (below(8)) {
      case 0:
      case 1:
      case 2: return admit();
      case 3:
      case 4:
      case 5: return report();
      case 6: bench_.now += std::chrono::milliseconds{below(3) == 0 ? below(70'000) : below(500)}; return;
      default:  // never heard of again
        if (!pending_.empty()) pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(below(pending_.size())));
        return;
    }
  }

  void admit() {
    if (const auto ticket = bench_.breaker.admit(bench_.now)) {
      pending_.push_back(*ticket);
      return;
    }
    EXPECT_NE(bench_.state(), breaker_state::closed);
    const auto pause = bench_.breaker.retry_after(bench_.now);
    EXPECT_GT(pause, 0ms);
    EXPECT_LE(pause, std::max(options_.open_for, options_.probe_expiry));
    if (below(4) == 0) {
      bench_.now += pause;
      const auto again = bench_.breaker.admit(bench_.now);
      EXPECT_TRUE(again) << "after exactly the pause it named";
      if (again) pending_.push_back(*again);
    }
  }

  void report() {
    if (pending_.empty()) return;
    const auto at = below(pending_.size());
    constexpr outcome all[] = {outcome::success, outcome::failure, outcome::failure, outcome::neutral};
    // Some say it twice, some say it a little late.
    const auto seen = bench_.now - std::chrono::milliseconds{below(4) == 0 ? below(50) : 0};
    bench_.breaker.report(pending_[at], all[below(4)], seen);
    if (below(5) != 0) pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  /// The service is well now: within the longest pause and a few calls the breaker must be closed.
  void must_recover() {
    bench_.now += options_.open_for + options_.probe_expiry;
    for (std::size_t call = 0; call < options_.probes + 1; ++call) {
      const auto ticket = bench_.breaker.admit(bench_.now);
      ASSERT_TRUE(ticket);
      bench_.breaker.report(*ticket, outcome::success, bench_.now);
    }
    EXPECT_EQ(bench_.state(), breaker_state::closed);
  }

  std::mt19937_64 source_;
  breaker_options options_;
  bench bench_;
  std::vector<circuit_breaker::ticket> pending_;
};

TEST(circuit_breaker, no_sequence_of_outcomes_leaves_it_stuck) {
  for (std::uint64_t seed = 0; seed < 3000 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    careless_callers{seed}.run();
  }
}

TEST(circuit_breaker, callers_on_many_threads_do_not_leave_it_stuck) {
  breaker_options options;
  options.open_for = 1ms;
  options.probe_expiry = 1ms;
  circuit_breaker breaker{options};
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t t = 0; t < 4; ++t) {
      threads.emplace_back([&breaker, t] {
        std::mt19937_64 source{t};
        for (int i = 0; i < 3000; ++i) {
          const auto ticket = breaker.admit(std::chrono::steady_clock::now());
          if (ticket && source() % 8 != 0) {
            breaker.report(*ticket, source() % 2 == 0 ? outcome::success : outcome::failure,
                           std::chrono::steady_clock::now());
          }
        }
      });
    }
  }
  const auto later = std::chrono::steady_clock::now() + 1s;
  for (int i = 0; i < 4; ++i) {
    const auto ticket = breaker.admit(later);
    ASSERT_TRUE(ticket);
    breaker.report(*ticket, outcome::success, later);
  }
  EXPECT_EQ(breaker.state(later), breaker_state::closed);
}

}  // namespace
}  // namespace nxg::resilience
