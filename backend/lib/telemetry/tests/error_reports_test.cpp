#include "telemetry/error_reports.hpp"

#include "telemetry/tests/lines.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace nxg::telemetry {
namespace {

using testing::HasSubstr;
using testing::Not;

error_report revealing() {
  error_report report;
  report.summary = "handler threw";
  report.detail = "no user ann@example.org (Bearer s3cretvalue)";
  report.route = "/api/users/{userId}";
  report.query = "token=s3cretvalue&page=2&who=ann%40example.org";
  report.headers = {{"Authorization", "Bearer s3cretvalue"}, {"X-Unknown", "s3cretvalue"}, {"User-Agent", "curl/8"}};
  report.tags = {{"component", "http"}, {"email", "ann@example.org"}};
  report.extra = {{"weightKg", "81"}, {"body", R"({"heartRateBpm":61,"password":"s3cretvalue"})"}};
  return report;
}

std::string everything(const error_report& report) {
  std::string text = report.summary + report.type + report.detail + report.route + report.query + report.user_id;
  for (const auto& [name, value] : report.headers) text += name + "=" + value + "\n";
  for (const auto* facts : {&report.tags, &report.extra}) {
    for (const auto& [name, value] : *facts) text += name + "=" + value + "\n";
  }
  return text;
}

TEST(error_reports, scrubbing_takes_credentials_people_and_health_out_and_leaves_the_rest) {
  const auto text = everything(scrubbed(revealing()));
  for (const auto* secret : {"s3cretvalue", "ann@", "ann%40", "=81", ":61"}) EXPECT_THAT(text, Not(HasSubstr(secret)));
  for (const auto* fact :
       {"handler threw", "/api/users/{userId}", "page=2", "curl/8", "component=http", "X-Unknown="}) {
    EXPECT_THAT(text, HasSubstr(fact));
  }
}

TEST(error_reports, scrubbing_twice_changes_nothing) {
  const auto once = scrubbed(revealing());
  EXPECT_EQ(everything(scrubbed(once)), everything(once));
}

TEST(error_reports, everything_is_bounded) {
  error_report report;
  report.detail = std::string(1'000'000, 'x');
  report.query = std::string(1'000'000, 'q');
  for (int i = 0; i < 1000; ++i) {
    report.headers.emplace_back("accept", "x");
    report.extra["k" + std::to_string(i)] = "v";
  }
  const auto small = scrubbed(report);
  EXPECT_LT(everything(small).size(), 10'000u);
  EXPECT_EQ(small.headers.size(), 64u);
  EXPECT_EQ(small.extra.size(), 64u);
}

class strict final : public error_reporter {
 public:
  std::vector<error_report> got;
  bool broken = false;

 protected:
  void send(const error_report& report) override {
    if (broken) throw std::runtime_error{"queue full"};
    got.push_back(report);
  }
};

TEST(error_reports, an_adapter_gets_scrubbed_reports_only) {
  strict reporter;
  reporter.report(revealing());
  EXPECT_THAT(everything(reporter.got.at(0)), Not(HasSubstr("s3cretvalue")));
}

TEST(error_reports, an_exception_is_reported_by_type_and_text) {
  strict reporter;
  error_report about;
  about.request_id = "r1";
  reporter.report("job failed", std::make_exception_ptr(std::out_of_range{"index"}), about);
  EXPECT_EQ(reporter.got.at(0).type, "std::out_of_range");
  EXPECT_EQ(reporter.got.at(0).detail, "index");
  EXPECT_EQ(reporter.got.at(0).request_id, "r1");
  reporter.report("job failed", std::make_exception_ptr(7));
  EXPECT_EQ(reporter.got.at(1).type, "int");
}

TEST(error_reports, a_broken_adapter_harms_nobody_and_is_counted) {
  strict reporter;
  reporter.broken = true;
  reporter.report(revealing());
  EXPECT_EQ(reporter.lost(), 1u);
}

TEST(error_reports, the_log_adapter_writes_one_line) {
  const auto sink = std::make_shared<kept_lines>();
  runtime::clock time;
  const auto reporter = make_log_error_reporter(logger{sink, time});
  reporter->report("handler threw", std::make_exception_ptr(std::runtime_error{"no"}));
  ASSERT_EQ(sink->size(), 1u);
  EXPECT_THAT(
      sink->last(),
      HasSubstr(R"("level":"error","message":"handler threw","report":true,"type":"std::runtime_error","error":"no")"));
  make_null_error_reporter()->report(revealing());
}

}  // namespace
}  // namespace nxg::telemetry
