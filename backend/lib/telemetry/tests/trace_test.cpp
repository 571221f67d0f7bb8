#include "telemetry/trace.hpp"

#include <gtest/gtest.h>

namespace nxg::telemetry {
namespace {

constexpr auto example = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(traceparent, is_read_and_written_as_the_standard_has_it) {
  const auto context = parse_traceparent(example);
  ASSERT_TRUE(context);
  EXPECT_EQ(trace_id_text(*context), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(span_id_text(*context), "00f067aa0ba902b7");
  EXPECT_TRUE(context->sampled);
  EXPECT_EQ(to_traceparent(*context), example);
}

TEST(traceparent, other_flags_are_dropped_and_later_versions_read) {
  EXPECT_FALSE(parse_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-02")->sampled);
  EXPECT_TRUE(parse_traceparent("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-the-future"));
}

TEST(traceparent, refuses_what_is_malformed) {
  for (const auto* text : {"", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
                           "00-4BF92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                           "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                           "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                           "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                           "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
                           "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x",
                           "00-4bf92f3577b34da6a3ce929d0e0e4736+00f067aa0ba902b7-01",
                           "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01"}) {
    EXPECT_FALSE(parse_traceparent(text)) << text;
  }
}

TEST(trace, a_child_keeps_the_trace_and_has_its_own_span) {
  runtime::secure_random random;
  const auto parent = make_trace(random, true);
  const auto child = child_of(parent, random);
  EXPECT_EQ(child.trace_id, parent.trace_id);
  EXPECT_NE(child.span_id, parent.span_id);
  EXPECT_TRUE(child.sampled);
  EXPECT_EQ(parse_traceparent(to_traceparent(child)), child);
}

}  // namespace
}  // namespace nxg::telemetry
