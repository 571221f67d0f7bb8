#include "sandbox/nps/service.hpp"
#include "sandbox/tests/contract.hpp"
#include "sandbox/tests/support.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

namespace nxg::sandbox {
namespace {

namespace json = boost::json;

constexpr std::string_view line =
    "Goal: weight loss; Age: 35; Gender: female; Height: 171.0 cm; Current weight: 82.5 kg; Target weight: 75.0 kg; "
    "BMI: 28.21; "
    "Activity level: moderately active; Allergies: {}; Health conditions: None; Dietary restrictions: {}; Cuisines: "
    "{}; Meals per "
    "day: 5; Daily targets: 1850 kcal, 223 g carbs, 119 g protein, 58 g fat, 26 g fiber";

std::string asking(std::string_view allergies = "None", std::string_view restrictions = "None",
                   std::string_view cuisines = "None") {
  return R"({"input_text":")" + fmt::format(fmt::runtime(line), allergies, restrictions, cuisines) + "\"}";
}

/// Who a request says to be from.
struct proof {
  std::string key = "sandbox";
  std::string secret = "sandbox";
  std::chrono::seconds late{0};
  std::string signed_body;
};

class nps_test : public ::testing::Test {
 protected:
  http::client_response send(std::string body, proof by = {}) {
    const auto stamp = std::to_string(
        (std::chrono::floor<std::chrono::seconds>(sandbox_.time.now()).time_since_epoch() - by.late).count());
    const auto signature = nps::signature_of(by.secret, stamp, by.signed_body.empty() ? body : by.signed_body);
    http::client_request request{.method = "POST",
                                 .url = sandbox_.world.url() + "/v1/mealplan",
                                 .headers = {{"X-API-Key", by.key},
                                             {"X-Timestamp", stamp},
                                             {"X-Signature", signature},
                                             {"Content-Type", "application/json"}},
                                 .body = std::move(body)};
    return sandbox_.run(sandbox_.client.send(std::move(request)));
  }
  void expect_contract(const http::client_response& answer) {
    const auto wrong = contract_.check_answer("POST", "/mealplan", answer.status,
                                              answer.header("content-type").value_or(""), answer.body);
    EXPECT_TRUE(wrong.empty()) << (wrong.empty() ? "" : wrong.front()) << "\n" << answer.body;
  }

  running_sandbox sandbox_;
  contract contract_{NXG_NPS_CONTRACT};
};

TEST_F(nps_test, an_unsafe_plan_keeps_to_the_contract_and_not_to_the_allergy) {
  sandbox_.world.faults().order("nps", {.kind = fault_kind::unsafe});
  const auto answer = send(asking("peanuts"));
  EXPECT_EQ(answer.status, 200);
  expect_contract(answer);
  EXPECT_NE(answer.body.find("Peanut butter"), std::string::npos);
}

TEST_F(nps_test, makes_weeks_that_come_to_their_targets_as_the_contract_says) {
  const auto answer = send(asking());
  ASSERT_EQ(answer.status, 200) << answer.body;
  expect_contract(answer);
  EXPECT_EQ(answer.body, send(asking()).body) << "the same line, the same week";
  const auto plan = json::parse(answer.body);
  for (const auto& day : plan.at("meal_plan").as_array()) {
    double sum = 0;
    for (const auto& meal : day.at("calories").as_object()) sum += meal.value().to_number<double>();
    EXPECT_NEAR(sum, 1850, 0.03 * 1850);
  }
}

TEST_F(nps_test, heeds_allergies_restrictions_and_kitchens) {
  const auto milkless = send(asking("milk, eggs", "vegetarian", "Indian"));
  expect_contract(milkless);
  for (const auto* word : {"yogurt", "eggs", "chicken", "Salmon"}) {
    EXPECT_EQ(milkless.body.find(word), std::string::npos) << word;
  }
  EXPECT_NE(milkless.body.find("Lentils"), std::string::npos);
}

TEST_F(nps_test, lets_nobody_in_without_key_signature_and_a_fresh_stamp) {
  const auto body = asking();
  for (const auto& wrong : {proof{.key = "wrong"}, proof{.secret = "wrong"}, proof{.late = std::chrono::seconds{310}},
                            proof{.late = std::chrono::seconds{-310}}, proof{.signed_body = "{}"}}) {
    const auto answer = send(body, wrong);
    EXPECT_EQ(answer.status, 401);
    expect_contract(answer);
  }
  EXPECT_EQ(send(body, {.late = std::chrono::seconds{290}}).status, 200);
}

TEST_F(nps_test, refuses_what_is_no_request) {
  for (const auto* body :
       {"{}", "[]", "{", R"({"input_text":5})", R"({"input_text":"Goal: none"})", R"({"input_text":"x","more":1})"}) {
    const auto answer = send(body);
    EXPECT_EQ(answer.status, 400) << body;
    expect_contract(answer);
  }
}

TEST_F(nps_test, tells_lies_no_contract_allows) {
  sandbox_.world.faults().order("nps", {.kind = fault_kind::wrong_json});
  for (int i = 0; i < 8; ++i) {
    const auto answer = send(asking());
    EXPECT_EQ(answer.status, 200);
    EXPECT_FALSE(contract_.check_answer("POST", "/mealplan", 200, "application/json", answer.body).empty())
        << answer.body;
  }
}

TEST(nps_quota, ends_and_comes_back) {
  sandbox_options options;
  options.nps.calls_per_minute = 2;
  running_sandbox sandbox{std::move(options)};
  const auto send = [&] {
    const auto stamp =
        std::to_string(std::chrono::floor<std::chrono::seconds>(sandbox.time.now()).time_since_epoch().count());
    const auto body = asking();
    http::client_request request{.method = "POST",
                                 .url = sandbox.world.url() + "/mealplan",
                                 .headers = {{"X-API-Key", "sandbox"},
                                             {"X-Timestamp", stamp},
                                             {"X-Signature", nps::signature_of("sandbox", stamp, body)},
                                             {"Content-Type", "application/json"}},
                                 .body = body};
    return sandbox.run(sandbox.client.send(std::move(request))).status;
  };
  EXPECT_EQ(send(), 200);
  EXPECT_EQ(send(), 200);
  EXPECT_EQ(send(), 429);
  sandbox.time.advance(std::chrono::seconds{61});
  EXPECT_EQ(send(), 200);
}

TEST(nps_figures, come_from_the_real_list) {
  const auto real = nps::read_figures(NXG_REAL_FOODS);
  for (const auto& [number, built_in] : nps::built_in_figures()) {
    EXPECT_NEAR(real.at(number).calories, built_in.calories, 0.5) << number;
    EXPECT_NEAR(real.at(number).protein, built_in.protein, 0.05) << number;
  }
  EXPECT_THROW(static_cast<void>(nps::read_figures("/nowhere")), nps::unreadable_foods);
}

}  // namespace
}  // namespace nxg::sandbox
