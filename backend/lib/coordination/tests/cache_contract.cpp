#include "coordination/tests/contract_fixture.hpp"

#include "resilience/one_shot.hpp"

#include <stdexcept>
#include <vector>

namespace nxg::coordination {
namespace {

using namespace std::chrono_literals;
using made = std::optional<std::string>;
using resilience::one_shot;

class cache_contract : public contract {
 protected:
  static constexpr lifetime usual{.fresh = 60s, .stale = 60s, .negative = 5s};

  cache& cached_here() { return here().cache(); }

  std::string text(const std::optional<cached>& known) {
    if (!known) return "unknown";
    return known->value ? *known->value : "nothing";
  }
  std::string look(std::string_view key) { return text(get(cached_here().get(key))); }
  void put(std::string_view key, made value, lifetime how_long = usual) {
    run(cached_here().put(key, std::move(value), how_long));
  }

  /// Fills at once.
  cache::fill_function making(made value) {
    return [this, value]() -> task<made> {
      ++fills_;
      co_return value;
    };
  }
  cache::fill_function failing() {
    return [this]() -> task<made> {
      ++fills_;
      throw std::runtime_error{"source away"};
      co_return made{};
    };
  }
  /// Fills when `release` is fired: 1 with the value, 0 by failing.
  cache::fill_function held(one_shot release, made value) {
    return [this, release, value]() -> task<made> {
      ++fills_;
      const int well = co_await release.wait();
      if (well == 0) throw std::runtime_error{"source away"};
      co_return value;
    };
  }
  auto ask(std::string_view key, cache::fill_function fill) {
    return start(cached_here().get_or_fill(key, usual, std::move(fill)));
  }

  int fills_ = 0;
};

class bounded_cache_contract : public cache_contract {};

TEST_P(cache_contract, knows_what_was_put_until_it_is_removed_or_too_old) {
  EXPECT_EQ(look("a"), "unknown");
  put("a", "1");
  put("b", "");
  EXPECT_EQ(look("a"), "1");
  EXPECT_EQ(look("b"), "");
  put("a", "2");
  EXPECT_EQ(look("a"), "2");
  run(cached_here().remove("a"));
  run(cached_here().remove("never there"));
  EXPECT_EQ(look("a"), "unknown");
  EXPECT_EQ(look("b"), "");
}

TEST_P(cache_contract, says_how_old_a_value_is_and_whether_it_is_stale) {
  put("a", "1");
  world_->pass(50s);
  auto known = get(cached_here().get("a"));
  ASSERT_TRUE(known);
  EXPECT_EQ(known->how, freshness::fresh);
  EXPECT_GE(known->age, 50s);
  world_->pass(11s);
  known = get(cached_here().get("a"));
  ASSERT_TRUE(known);
  EXPECT_EQ(known->how, freshness::stale);
  world_->pass(60s);
  EXPECT_EQ(look("a"), "unknown");
}

TEST_P(cache_contract, remembers_for_a_while_that_there_is_nothing) {
  put("a", std::nullopt);
  EXPECT_EQ(look("a"), "nothing");
  EXPECT_EQ(text(get(cached_here().get_or_fill("a", usual, making("1")))), "nothing");
  world_->pass(6s);
  EXPECT_EQ(look("a"), "unknown");
  EXPECT_EQ(text(get(cached_here().get_or_fill("a", usual, making("1")))), "1");
  EXPECT_EQ(fills_, 1);
}

TEST_P(cache_contract, fills_once_and_answers_from_memory_while_fresh) {
  auto first = get(cached_here().get_or_fill("a", usual, making("1")));
  EXPECT_EQ(first.how, freshness::filled);
  auto second = get(cached_here().get_or_fill("a", usual, making("2")));
  EXPECT_EQ(second.how, freshness::fresh);
  EXPECT_EQ(text(second), "1");
  world_->pass(61s);
  EXPECT_EQ(text(get(cached_here().get_or_fill("a", usual, making("3")))), "3");
  EXPECT_EQ(fills_, 2);
}

TEST_P(cache_contract, of_those_who_ask_at_the_same_time_one_fills) {
  const one_shot release;
  auto first = ask("a", held(release, "1"));
  auto second = ask("a", making("2"));
  auto third = ask("a", making("3"));
  auto other = ask("b", making("4"));
  settle();
  EXPECT_FALSE(first.ended() || second.ended() || third.ended());
  EXPECT_EQ(text(other.result()), "4");
  release.fire(1);
  settle();
  for (auto* one : {&first, &second, &third}) EXPECT_EQ(text(one->result()), "1");
  EXPECT_EQ(fills_, 2);
}

TEST_P(cache_contract, a_failure_reaches_all_who_wait_and_is_not_kept) {
  const one_shot release;
  auto first = ask("a", held(release, "1"));
  auto second = ask("a", making("2"));
  settle();
  release.fire(0);
  settle();
  EXPECT_THROW(first.result(), std::runtime_error);
  EXPECT_THROW(second.result(), std::runtime_error);
  EXPECT_EQ(text(get(cached_here().get_or_fill("a", usual, making("3")))), "3");
}

TEST_P(cache_contract, a_stale_value_stands_in_for_a_source_that_fails) {
  put("a", "old");
  world_->pass(61s);
  const auto known = get(cached_here().get_or_fill("a", usual, failing()));
  EXPECT_EQ(text(known), "old");
  EXPECT_EQ(known.how, freshness::stale);
  EXPECT_EQ(fills_, 1);
  world_->pass(60s);
  EXPECT_THROW(get(cached_here().get_or_fill("a", usual, failing())), std::runtime_error);
}

TEST_P(cache_contract, when_the_one_who_fills_is_cancelled_the_next_takes_over) {
  const one_shot never;
  const one_shot release;
  auto first = ask("a", held(never, "1"));
  auto second = ask("a", held(release, "2"));
  auto third = ask("a", making("3"));
  settle();
  first.cancel();
  settle();
  EXPECT_TRUE(first.aborted());
  EXPECT_FALSE(second.ended() || third.ended());
  EXPECT_EQ(fills_, 2);
  release.fire(1);
  settle();
  EXPECT_EQ(text(second.result()), "2");
  EXPECT_EQ(text(third.result()), "2");
}

TEST_P(cache_contract, one_who_waits_may_be_cancelled_and_a_cancelled_one_is_passed_over) {
  const one_shot never;
  auto first = ask("a", held(never, "1"));
  auto second = ask("a", making("2"));
  auto third = ask("a", making("3"));
  settle();
  second.cancel();
  settle();
  EXPECT_TRUE(second.aborted());
  first.cancel();
  settle();
  EXPECT_EQ(text(third.result()), "3");
}

TEST_P(cache_contract, a_leader_and_its_successor_cancelled_together_leave_nobody_waiting) {
  const one_shot never;
  auto first = ask("a", held(never, "1"));
  auto second = ask("a", making("2"));
  auto third = ask("a", making("3"));
  settle();
  first.cancel();
  second.cancel();
  settle();
  EXPECT_EQ(text(third.result()), "3");
}

TEST_P(cache_contract, what_was_put_or_removed_during_a_fill_is_not_overwritten_by_it) {
  const one_shot release;
  auto first = ask("a", held(release, "older"));
  settle();
  put("a", "newer");
  release.fire(1);
  settle();
  EXPECT_EQ(text(first.result()), "older");
  EXPECT_EQ(look("a"), "newer");

  const one_shot again;
  auto second = ask("b", held(again, "older"));
  settle();
  run(cached_here().remove("b"));
  again.fire(1);
  settle();
  EXPECT_TRUE(second.ended());
  EXPECT_EQ(look("b"), "unknown");
}

TEST_P(cache_contract, what_one_process_put_or_removed_the_others_know) {
  put("a", "1");
  EXPECT_EQ(text(get(there().cache().get("a"))), "1");
  run(there().cache().remove("a"));
  EXPECT_EQ(look("a"), "unknown");
}

TEST_P(cache_contract, what_another_process_put_or_removed_during_a_fill_is_not_overwritten_by_it) {
  const one_shot release;
  auto first = ask("a", held(release, "older"));
  settle();
  run(there().cache().put("a", "newer", usual));
  release.fire(1);
  settle();
  EXPECT_EQ(text(first.result()), "older");
  EXPECT_EQ(look("a"), "newer");

  const one_shot again;
  auto second = ask("b", held(again, "older"));
  settle();
  run(there().cache().remove("b"));
  again.fire(1);
  settle();
  EXPECT_TRUE(second.ended());
  EXPECT_EQ(look("b"), "unknown");
}

TEST_P(bounded_cache_contract, what_was_not_used_for_longest_goes_first) {
  bounded_by({.max_cache_entries = 3});
  for (const auto* key : {"a", "b", "c"}) put(key, key);
  EXPECT_EQ(look("a"), "a");
  put("d", "d");
  EXPECT_EQ(look("b"), "unknown");
  for (const auto* key : {"a", "c", "d"}) EXPECT_EQ(look(key), key);
}

TEST_P(bounded_cache_contract, is_bounded_in_bytes_and_keeps_nothing_that_is_too_large) {
  bounded_by({.max_cache_bytes = 10'000});
  const std::string quarter(2'000, 'x');
  for (int i = 0; i < 100; ++i) put("k" + std::to_string(i), quarter);
  int kept = 0;
  for (int i = 0; i < 100; ++i) kept += look("k" + std::to_string(i)) == quarter ? 1 : 0;
  EXPECT_EQ(kept, 4);
  EXPECT_EQ(look("k99"), quarter);
  put("huge", std::string(20'000, 'x'));
  EXPECT_EQ(look("huge"), "unknown");
  EXPECT_EQ(look("k99"), quarter);
  EXPECT_EQ(text(get(cached_here().get_or_fill("huge", usual, making(std::string(20'000, 'y'))))).size(), 20'000u);
}

TEST_P(cache_contract, refuses_keys_without_sense) {
  EXPECT_THROW(look(""), std::invalid_argument);
  EXPECT_THROW(put(std::string(513, 'k'), "x"), std::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(engines, cache_contract, testing::ValuesIn(worlds()), name_of_world);
INSTANTIATE_TEST_SUITE_P(engines, bounded_cache_contract, testing::ValuesIn(worlds_with_bounded_cache()),
                         name_of_world);

}  // namespace
}  // namespace nxg::coordination
