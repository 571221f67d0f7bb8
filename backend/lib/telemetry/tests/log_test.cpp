#include "telemetry/log.hpp"

#include "telemetry/tests/lines.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace nxg::telemetry {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
namespace json = boost::json;

class log_test : public testing::Test {
 protected:
  /// The last line, read by another JSON parser than ours.
  json::object last() { return json::parse(sink_->last()).as_object(); }

  std::shared_ptr<kept_lines> sink_ = std::make_shared<kept_lines>();
  runtime::clock time_{runtime::clock::mode::adjustable};
  logger log_{sink_, time_, log_level::info};
};

TEST_F(log_test, a_line_is_one_json_object_with_time_level_message_and_fields) {
  const auto id = *uuid::parse("018bcfe5-6800-7000-8000-000000000000");
  log_.info("machine linked", {{"machineId", id},
                               {"count", 3},
                               {"big", std::uint64_t{1} << 63},
                               {"share", 0.5},
                               {"live", true},
                               {"tookMs", 1500us},
                               {"at", instant{0ms}},
                               {"alias", "a"},
                               {"none", nullptr}});
  const auto line = last();
  EXPECT_EQ(line.at("level"), "info");
  EXPECT_EQ(line.at("message"), "machine linked");
  EXPECT_EQ(line.at("machineId"), "018bcfe5-6800-7000-8000-000000000000");
  EXPECT_EQ(line.at("count"), 3);
  EXPECT_EQ(line.at("big"), 9223372036854775808u);
  EXPECT_EQ(line.at("share"), 0.5);
  EXPECT_EQ(line.at("live"), true);
  EXPECT_EQ(line.at("tookMs"), 1.5);
  EXPECT_EQ(line.at("at"), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(line.at("none"), nullptr);
  EXPECT_EQ(line.begin()->key(), "time");
  EXPECT_THAT(std::string{line.at("time").as_string()}, testing::MatchesRegex("....-..-..T..:..:..\\....Z"));
}

TEST_F(log_test, no_value_can_forge_a_line_or_move_a_terminal) {
  const std::string evil = "x\"}\n{\"level\":\"error\"}\r\x1b[2J\x7f\xc2\x9b\xff\xc0\x80\xed\xa0\x80 é\xe2\x82\xac";
  log_.info(evil, {{"value", evil}, {evil, 1}});
  const auto line = sink_->last();
  for (const unsigned char c : line) EXPECT_GE(c, 0x20) << line;
  EXPECT_THAT(line, Not(HasSubstr("\x7f")));
  EXPECT_THAT(line, Not(HasSubstr("\xc2\x9b")));
  const auto value = std::string{last().at("value").as_string()};
  EXPECT_THAT(value, HasSubstr("x\"}\n{\"level\":\"error\"}\r"));
  EXPECT_THAT(value, HasSubstr(" é€"));
  EXPECT_THAT(value, HasSubstr("\xef\xbf\xbd"));
}

TEST_F(log_test, secrets_do_not_appear_under_any_name) {
  log_.info("Bearer abcdefghijk", {{"password", "hunter2"},
                                   {"refreshToken", "r3fr3sh"},
                                   {"weightKg", 81.5},
                                   {"note", "mail ann@example.org now"},
                                   {"url", "https://joe:pw@host/x?token=q1w2e3&page=2"},
                                   {"shown", redacted{"s3cr3t"}}});
  const auto line = sink_->last();
  for (const auto* secret :
       {"abcdefghijk", "hunter2", "r3fr3sh", "81.5", "ann@", "example.org", "joe", "pw@", "q1w2e3", "s3cr3t"}) {
    EXPECT_THAT(line, Not(HasSubstr(secret)));
  }
  EXPECT_EQ(last().at("shown"), "[redacted]");
  EXPECT_THAT(line, HasSubstr("page=2"));
}

TEST_F(log_test, levels_below_the_least_are_left_out_and_the_level_is_shared_with_copies) {
  const logger copy = log_.with({{"component", "x"}});
  copy.debug("no");
  EXPECT_EQ(sink_->size(), 0u);
  log_.set_level(log_level::debug);
  copy.debug("yes");
  EXPECT_EQ(sink_->size(), 1u);
  log_.set_level(log_level::error);
  copy.warn("no");
  EXPECT_EQ(sink_->size(), 1u);
}

TEST_F(log_test, a_derived_logger_adds_its_fields_to_every_line) {
  const logger request = log_.with({{"requestId", "r1"}}).with({{"route", "/x"}});
  request.info("one", {{"n", 1}});
  EXPECT_EQ(last().at("requestId"), "r1");
  EXPECT_EQ(last().at("route"), "/x");
  EXPECT_EQ(last().at("n"), 1);
}

TEST_F(log_test, a_repeated_line_is_written_once_per_period_and_tells_how_many_were_left_out) {
  for (int i = 0; i < 5; ++i) log_.repeated(log_level::warn, "store busy", {{"n", i}});
  log_.repeated(log_level::warn, "other");
  EXPECT_EQ(sink_->size(), 2u);
  time_.advance(11s);
  log_.repeated(log_level::warn, "store busy", {{"n", 5}});
  EXPECT_EQ(sink_->size(), 3u);
  EXPECT_EQ(last().at("suppressed"), 4);
  EXPECT_EQ(last().at("n"), 5);
}

TEST_F(log_test, a_long_line_is_cut_and_still_json) {
  const std::string longest(100'000, 'x');
  log_.info("long", {{"a", longest}, {"b", longest}, {"c", longest}, {"d", longest}, {"e", longest}});
  EXPECT_LT(sink_->last().size(), 20'000u);
  EXPECT_EQ(last().at("cut"), true);
}

TEST_F(log_test, numbers_that_json_does_not_have_are_null) {
  log_.info("n", {{"a", std::numeric_limits<double>::infinity()}, {"b", std::nan("")}});
  EXPECT_EQ(last().at("a"), nullptr);
  EXPECT_EQ(last().at("b"), nullptr);
}

TEST(log, a_logger_for_nobody_writes_nothing) {
  const auto none = logger::none();
  EXPECT_FALSE(none.enabled(log_level::error));
  none.error("x");
  none.with({{"a", 1}}).repeated(log_level::error, "x");
  none.flush();
}

TEST(log, an_exception_says_what_it_is_and_what_caused_it) {
  const auto caught = [](auto thrower) {
    try {
      thrower();
    } catch (...) {
      return text_of(std::current_exception());
    }
    return std::string{};
  };
  EXPECT_EQ(caught([] { throw std::runtime_error{"no"}; }), "no");
  EXPECT_EQ(caught([] { throw 7; }), "an exception of unknown type");
  EXPECT_EQ(caught([] {
              try {
                throw std::runtime_error{"inner"};
              } catch (...) {
                std::throw_with_nested(std::runtime_error{"outer"});
              }
            }),
            "outer: inner");
}

}  // namespace
}  // namespace nxg::telemetry
