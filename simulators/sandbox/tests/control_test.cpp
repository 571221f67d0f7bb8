#include "sandbox/tests/support.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace nxg::sandbox {
namespace {

namespace json = boost::json;

TEST(control, faults_are_ordered_and_shown) {
  running_sandbox sandbox;
  const auto ordered =
      sandbox.send("POST", "/faults", R"({"service":"wps","kind":"http_500","rate":0.5,"forSeconds":60})");
  ASSERT_EQ(ordered.status, 200) << ordered.body;
  const auto shown = json::parse(sandbox.send("GET", "/faults").body).at("faults").at(0);
  EXPECT_EQ(shown.at("service"), "wps");
  EXPECT_EQ(shown.at("kind"), "http_500");
  EXPECT_EQ(shown.at("rate"), 0.5);
  EXPECT_GT(shown.at("secondsLeft").to_number<double>(), 0);
  // Half of them are struck.
  const int first = sandbox.send("GET", "/templates").status;
  const int second = sandbox.send("GET", "/templates").status;
  EXPECT_EQ(first + second, 200 + 500);
}

TEST(control, a_bad_order_is_refused_and_changes_nothing) {
  running_sandbox sandbox;
  for (const auto* body : {R"({"service":"wps","kind":"explode"})", R"({"service":"xyz","kind":"hang"})",
                           R"({"service":"wps","kind":"hang","rate":2})", R"({"kind":"hang"})", "[]", "{"}) {
    EXPECT_EQ(sandbox.send("POST", "/faults", body).status, 400) << body;
  }
  EXPECT_EQ(sandbox.send("GET", "/templates").status, 200);
}

TEST(control, requests_are_shown_without_their_credentials) {
  running_sandbox sandbox;
  sandbox.send("POST", "/workout-plans", std::string{usual_request});
  sandbox.send("POST", "/workout-plans", "no json", "another-secret");
  const auto answer = sandbox.send("GET", "/requests");
  EXPECT_EQ(answer.body.find("another-secret"), std::string::npos);
  const auto shown = json::parse(answer.body);
  EXPECT_EQ(shown.at("total"), 2);
  EXPECT_EQ(shown.at("totals").at("wps"), 2);
  EXPECT_EQ(shown.at("requests").at(0).at("authorized"), true);
  EXPECT_EQ(shown.at("requests").at(0).at("body").at("userProfile").at("age"), 31);
  EXPECT_EQ(shown.at("requests").at(1).at("authorized"), false);
  EXPECT_EQ(shown.at("requests").at(1).at("body"), "no json");
}

TEST(plans, the_same_request_gives_the_same_plan_and_another_seed_another) {
  running_sandbox one;
  running_sandbox two;
  running_sandbox other{{.seed = 2}};
  const auto plan = one.send("POST", "/workout-plans", std::string{usual_request}).body;
  EXPECT_EQ(plan, one.send("POST", "/v1/workout-plans", std::string{usual_request}).body);
  EXPECT_EQ(plan, two.send("POST", "/workout-plans", std::string{usual_request}).body);
  EXPECT_NE(plan, other.send("POST", "/workout-plans", std::string{usual_request}).body);
}

TEST(plans, keep_to_what_was_asked) {
  running_sandbox sandbox;
  const auto plan = json::parse(sandbox.send("POST", "/workout-plans", std::string{usual_request}).body);
  for (const auto& day : plan.at("workoutDays").as_array()) {
    EXPECT_EQ(day.at("dayName") == "Sunday", day.at("isRestDay").as_bool());
    for (const auto& entry : day.at("exercises").as_array()) EXPECT_NE(entry.at("name"), "Plank");
  }
}

}  // namespace
}  // namespace nxg::sandbox
