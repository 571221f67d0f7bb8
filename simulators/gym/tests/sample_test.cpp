#include "gym/sample.hpp"
#include "gym/ledger.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace nxg::gym {
namespace {

sample a_sample() {
  sample one;
  one.seq = 7;
  one.at_ms = 1'767'225'600'123;
  one[field::elapsed_seconds] = 7;
  one[field::speed_kmh] = 9.31;
  one[field::heart_rate_bpm] = 141;
  one[field::set_number] = 2;
  one[field::set_reps] = 10;
  return one;
}

TEST(gym_sample, is_read_as_it_was_written) {
  std::string text;
  append_wire(text, a_sample(), "link");
  EXPECT_EQ(
      text,
      R"({"seq":7,"at":"2026-01-01T00:00:00.123Z","linkId":"link","elapsedSeconds":7,"speedKmh":9.31,"heartRateBpm":141,"set":{"number":2,"reps":10}})");
  EXPECT_TRUE(same(read_wire(boost::json::parse(text).as_object()), a_sample()));
}

TEST(gym_sample, differs_when_a_value_differs_or_is_missing) {
  auto other = a_sample();
  other[field::speed_kmh] = 9.32;
  EXPECT_FALSE(same(other, a_sample()));
  other = a_sample();
  other[field::heart_rate_bpm] = absent;
  EXPECT_FALSE(same(other, a_sample()));
}

TEST(gym_ledger, tells_a_false_delivery_from_a_true_one) {
  ledger book;
  book.add_machine("m", "treadmill");
  book.machines[0].streams.push_back(
      {.epoch = "e", .sent = {a_sample()}, .live = {false}, .through = 0, .refused = {}});
  book.machines[0].streams[0].sent[0].seq = 1;
  book.workouts.push_back({.id = "w", .machine = 0, .member = 3});
  const auto progress = [](const char* speed) {
    return boost::json::
        parse(std::string{
                  R"({"machineId":"m","workoutId":"w","epoch":"e","samples":[{"seq":1,"at":"2026-01-01T00:00:00.123Z","elapsedSeconds":7,"speedKmh":)"} +
              speed + R"(,"heartRateBpm":141,"set":{"number":2,"reps":10}}]})")
            .as_object();
  };
  book.on_progress(progress("9.31"), 3, 1'767'225'600'125);
  book.on_progress(progress("9.31"), 3, 1'767'225'600'125);
  EXPECT_EQ(book.delivered_live, 1u);
  EXPECT_EQ(book.workouts[0].live_again, 1u);
  EXPECT_TRUE(book.false_deliveries.said().empty());
  book.on_progress(progress("9.32"), 3, 0);
  EXPECT_EQ(book.false_deliveries.said().size(), 1u);
  book.on_progress(progress("9.31"), 4, 0);
  EXPECT_EQ(book.false_deliveries.said().size(), 2u) << "another member's device received it";
}

TEST(gym_latency, quantiles_bound_what_was_added) {
  latency_histogram times;
  for (int i = 0; i < 99; ++i) times.add(2);
  times.add(100);
  EXPECT_NEAR(times.quantile(0.5), 2, 0.5);
  EXPECT_GE(times.quantile(1.0), 100);
}

}  // namespace
}  // namespace nxg::gym
