#include "sandbox/tests/contract.hpp"
#include "sandbox/tests/support.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <set>

namespace nxg::sandbox {
namespace {

// The answer is what the contract says; the operation is remembered, so that none is left out.
class contract_test : public ::testing::Test {
 protected:
  http::client_response ask(std::string method, std::string path, int status, std::string query = {},
                            std::string body = {}, std::string key = "sandbox") {
    auto answer = sandbox_.send(method, path + query, std::move(body), std::move(key));
    EXPECT_EQ(answer.status, status) << path << ": " << answer.body;
    const auto wrong =
        contract_.check_answer(method, path, answer.status, answer.header("content-type").value_or(""), answer.body);
    EXPECT_TRUE(wrong.empty()) << path << " " << answer.status << ": " << (wrong.empty() ? "" : wrong.front()) << "\n"
                               << answer.body;
    if (status == 200) covered_.insert(method + " " + path);
    return answer;
  }

  running_sandbox sandbox_;
  contract contract_{NXG_WPS_CONTRACT};
  std::set<std::string> covered_;
};

TEST_F(contract_test, every_operation_answers_as_its_contract_says) {
  ask("POST", "/workout-plans", 200, {}, std::string{usual_request});
  ask("GET", "/exercises", 200);
  ask("GET", "/exercises", 200, "?muscleGroup=legs&limit=3&offset=2");
  ask("GET", "/templates", 200);
  for (const auto& operation : contract_.operations()) EXPECT_TRUE(covered_.contains(operation)) << operation;
}

TEST_F(contract_test, refusals_are_as_the_contract_says) {
  ask("POST", "/workout-plans", 401, {}, std::string{usual_request}, "wrong");
  ask("POST", "/workout-plans", 401, {}, std::string{usual_request}, "");
  ask("GET", "/exercises", 401, {}, {}, "");
  ask("POST", "/workout-plans", 400, {}, R"({"userProfile":{"age":200},"shoeSize":43})");
  ask("GET", "/exercises", 400, "?limit=0");
}

TEST_F(contract_test, faults_with_an_answer_are_as_the_contract_says) {
  sandbox_.world.faults().order("wps", {.kind = fault_kind::http_500});
  ask("POST", "/workout-plans", 500, {}, std::string{usual_request});
  sandbox_.world.faults().order("wps", {.kind = fault_kind::http_429});
  const auto refused = ask("POST", "/workout-plans", 429, {}, std::string{usual_request});
  EXPECT_EQ(refused.header("retry-after"), "1");
}

TEST_F(contract_test, a_lie_is_none_of_what_the_contract_says) {
  sandbox_.world.faults().order("wps", {.kind = fault_kind::wrong_json});
  for (int i = 0; i < 6; ++i) {
    const auto answer = sandbox_.send("POST", "/workout-plans", std::string{usual_request});
    EXPECT_EQ(answer.status, 200);
    EXPECT_FALSE(contract_.check_answer("POST", "/workout-plans", 200, "application/json", answer.body).empty())
        << answer.body;
  }
}

TEST_F(contract_test, an_unsafe_plan_keeps_to_the_contract_and_not_to_the_condition) {
  sandbox_.world.faults().order("wps", {.kind = fault_kind::unsafe});
  const std::string profile =
      R"({"userProfile":{"fitnessLevel":"beginner","goal":"maintenance","age":40,"heightCm":170,"weightKg":70,)"
      R"("healthConditions":["knee pain"],"weeklyWorkoutDays":3}})";
  const auto answer = ask("POST", "/workout-plans", 200, {}, profile);
  EXPECT_NE(answer.body.find("Barbell Squat"), std::string::npos);
}

TEST_F(contract_test, plans_keep_to_the_contract_for_every_kind_of_profile) {
  for (const auto* level : {"beginner", "intermediate", "advanced"}) {
    for (const auto* goal : {"weight_loss", "weight_gain", "muscle_building", "maintenance"}) {
      for (int days = 1; days <= 7; ++days) {
        const auto body =
            std::string{R"({"userProfile":{"fitnessLevel":")"} + level + R"(","goal":")" + goal +
            R"(","age":40,"heightCm":170,"weightKg":70,"healthConditions":["knee pain"],"weeklyWorkoutDays":)" +
            std::to_string(days) + "}}";
        const auto answer = ask("POST", "/workout-plans", 200, {}, body);
        EXPECT_EQ(boost::json::parse(answer.body).at("weeklySchedule").as_int64(), days);
      }
    }
  }
}

}  // namespace
}  // namespace nxg::sandbox
