#include "realtime/connections.hpp"
#include "realtime/answers.hpp"

#include <gmock/gmock.h>

namespace nxg::realtime {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(message_allowance, lets_a_burst_through_and_then_twenty_a_second) {
  message_allowance allowance{message_pace{}};
  const steady_instant start{};
  for (int i = 0; i < 99; ++i) EXPECT_EQ(allowance.take(start), 0ms) << i;
  EXPECT_GT(allowance.take(start), 0ms);
  message_allowance steady{message_pace{}};
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(steady.take(start + i * 50ms), 0ms) << i;
}

TEST(message_allowance, asks_for_a_wait_that_is_enough) {
  message_allowance allowance{message_pace{}};
  steady_instant now{};
  std::chrono::milliseconds wait{0};
  for (int i = 0; i < 150; ++i) wait = allowance.take(now);
  EXPECT_LE(wait, 3s);
  now += wait;
  EXPECT_EQ(allowance.take(now + 50ms), 0ms);
}

TEST(message_allowance, keeps_the_pace_it_was_given) {
  message_allowance allowance{{.per_second = 1'000, .burst = 2}};
  steady_instant now{};
  EXPECT_EQ(allowance.take(now), 0ms);
  EXPECT_GT(allowance.take(now), 0ms);
  now += 10ms;
  EXPECT_EQ(allowance.take(now), 0ms);
}

TEST(refusals, say_what_the_caller_may_know) {
  const auto busy_text = refusal_json(busy(std::chrono::seconds{2}));
  EXPECT_THAT(busy_text, HasSubstr(R"("success":false,"code":"busy")"));
  EXPECT_THAT(busy_text, HasSubstr(R"("retryAfterMs":2000)"));
  const auto wrong = refusal_json(schema::invalid{"syntax", "is no JSON"});
  EXPECT_THAT(wrong, HasSubstr(R"("code":"invalid_request")"));
  EXPECT_THAT(wrong, HasSubstr(R"("message":"is no JSON")"));
}

TEST(refusals, do_not_explain_what_broke_inside) {
  const auto inside = std::make_exception_ptr(std::runtime_error{"/secret/path is gone"});
  EXPECT_THAT(refusal_json(inside, telemetry::logger::none()), Not(HasSubstr("secret")));
  EXPECT_EQ(handshake_refusal(inside, telemetry::logger::none()).message, "internal_error");
}

}  // namespace
}  // namespace nxg::realtime
