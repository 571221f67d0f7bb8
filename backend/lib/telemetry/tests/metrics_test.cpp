#include "telemetry/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

namespace nxg::telemetry {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

TEST(metrics, renders_counters_gauges_and_histograms_with_labels) {
  metrics all;
  all.make_counter("nxg_requests_total", "Requests.", {{"route", "/x"}}).increment(2);
  all.make_gauge("nxg_open", "Open.").set(3.5);
  const auto seconds = all.make_histogram("nxg_seconds", "Time.", {0.1, 1}, {{"route", "/x"}});
  seconds.observe(0.05);
  seconds.observe(0.5);
  seconds.observe(5);
  const auto text = all.render();
  EXPECT_THAT(text, HasSubstr("# HELP nxg_requests_total Requests.\n# TYPE nxg_requests_total counter\n"));
  EXPECT_THAT(text, HasSubstr("nxg_requests_total{route=\"/x\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("nxg_open 3.5\n"));
  EXPECT_THAT(text, HasSubstr("nxg_seconds_bucket{route=\"/x\",le=\"0.1\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("nxg_seconds_bucket{route=\"/x\",le=\"1\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("nxg_seconds_bucket{route=\"/x\",le=\"+Inf\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("nxg_seconds_count{route=\"/x\"} 3\n"));
}

TEST(metrics, the_same_name_and_labels_are_the_same_series) {
  metrics all;
  all.make_counter("nxg_a_total", "A.", {{"x", "1"}}).increment();
  all.make_counter("nxg_a_total", "A.", {{"x", "1"}}).increment();
  EXPECT_EQ(all.make_counter("nxg_a_total", "A.", {{"x", "1"}}).value(), 2);
}

TEST(metrics, refuses_bad_names_labels_buckets_and_a_second_kind) {
  metrics all;
  const auto one = all.make_counter("nxg_a_total", "A.");
  one.increment();
  EXPECT_THROW(all.make_gauge("nxg_a_total", "A."), std::invalid_argument);
  EXPECT_THROW(all.make_counter("1a", ""), std::invalid_argument);
  EXPECT_THROW(all.make_counter("", ""), std::invalid_argument);
  EXPECT_THROW(all.make_counter("a-b", ""), std::invalid_argument);
  EXPECT_THROW(all.make_counter("a", "", {{"__x", ""}}), std::invalid_argument);
  EXPECT_THROW(all.make_histogram("h", "", {}), std::invalid_argument);
  EXPECT_THROW(all.make_histogram("h", "", {1, 1}), std::invalid_argument);
  EXPECT_THROW(all.make_histogram("h", "", {2, 1}), std::invalid_argument);
}

TEST(metrics, values_of_labels_cannot_break_the_format) {
  metrics all;
  all.make_counter("nxg_a_total", "A.", {{"x", "a\"b\nc\\d"}}).increment();
  EXPECT_THAT(all.render(), HasSubstr(R"(nxg_a_total{x="a\"b\nc\\d"} 1)"));
}

TEST(metrics, a_family_does_not_grow_past_its_bound) {
  metrics all{3};
  for (int i = 0; i < 100; ++i) all.make_counter("nxg_a_total", "A.", {{"x", std::to_string(i)}}).increment();
  const auto text = all.render();
  EXPECT_THAT(text, HasSubstr("nxg_a_total{x=\"2\"} 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("x=\"3\"")));
  EXPECT_THAT(text, HasSubstr("nxg_a_total{x=\"other\"} 97\n"));
}

TEST(metrics, values_read_at_each_scrape_end_with_their_registration) {
  metrics all;
  double value = 1;
  {
    const auto here = all.gauge_from("nxg_now", "Now.", {{"core", "0"}}, [&] { return value; });
    const auto there = all.gauge_from("nxg_now", "Now.", {{"core", "1"}}, [] { return 9; });
    const auto broken =
        all.counter_from("nxg_broken_total", "Broken.", {}, []() -> double { throw std::runtime_error{"no"}; });
    value = 2;
    const auto text = all.render();
    EXPECT_THAT(text, HasSubstr("nxg_now{core=\"0\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("nxg_now{core=\"1\"} 9\n"));
    EXPECT_THAT(text, Not(HasSubstr("nxg_broken_total ")));
  }
  EXPECT_THAT(all.render(), Not(HasSubstr("nxg_now")));
}

TEST(metrics, a_handle_of_nothing_counts_nothing) {
  counter{}.increment();
  gauge{}.set(1);
  histogram{}.observe(1);
  EXPECT_EQ(counter{}.value(), 0);
}

TEST(metrics, describe_this_process) {
  metrics all;
  const auto registered = process_metrics(all);
  const auto text = all.render();
  EXPECT_THAT(text, ContainsRegex("process_resident_memory_bytes [1-9]"));
  EXPECT_THAT(text, ContainsRegex("process_open_fds [1-9]"));
  EXPECT_THAT(text, ContainsRegex("process_max_fds [1-9]"));
  EXPECT_THAT(text, ContainsRegex("process_cpu_seconds_total [0-9]"));
  EXPECT_THAT(text, ContainsRegex("process_threads [1-9]"));
  EXPECT_THAT(text, ContainsRegex("process_start_time_seconds [1-9]"));
  EXPECT_GT(resident_bytes(), 1'000'000u);
}

TEST(metrics, may_be_used_and_rendered_from_many_threads) {
  metrics all;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&all] {
        for (int i = 0; i < 200; ++i) {
          all.make_counter("nxg_a_total", "A.", {{"x", std::to_string(i % 7)}}).increment();
          const auto seen = all.gauge_from("nxg_g", "G.", {}, [] { return 1; });
          if (i % 50 == 0) {
            EXPECT_FALSE(all.render().empty());
          }
        }
      });
    }
  }
  double sum = 0;
  for (int x = 0; x < 7; ++x) sum += all.make_counter("nxg_a_total", "A.", {{"x", std::to_string(x)}}).value();
  EXPECT_EQ(sum, 800);
}

}  // namespace
}  // namespace nxg::telemetry
