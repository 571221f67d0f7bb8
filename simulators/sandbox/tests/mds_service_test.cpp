#include "sandbox/mds/meal_reader.hpp"
#include "sandbox/tests/contract.hpp"
#include "sandbox/tests/support.hpp"

#include "integrations/meal_detection/mds_client.hpp"
#include "integrations/meal_detection/mds_mapping.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <map>

namespace nxg::sandbox {
namespace {

using namespace std::chrono_literals;

// The adapter against the service it was written for, and the service against its contract.
class mds_test : public ::testing::Test {
 protected:
  mds_test() : policy_{integrations::mds_policy(), sandbox_.time, sandbox_.random} {}

  integrations::mds_client client(std::string token = "sandbox") {
    return {{sandbox_.world.url(), std::move(token), [this](std::string_view why) { ++refused_[std::string{why}]; }},
            sandbox_.client,
            policy_,
            sandbox_.time,
            sandbox_.random};
  }
  http::client_response send(std::string path, std::string type, std::string body, std::string token = "sandbox") {
    http::client_request request{.method = "POST",
                                 .url = sandbox_.world.url() + path,
                                 .headers = {{"Authorization", "Bearer " + token}, {"Content-Type", std::move(type)}},
                                 .body = std::move(body)};
    return sandbox_.run(sandbox_.client.send(std::move(request)));
  }
  void expect_as_contracted(const http::client_response& answer, const std::string& path, int status) {
    EXPECT_EQ(answer.status, status) << answer.body;
    const auto wrong =
        contract_.check_answer("POST", path, answer.status, answer.header("content-type").value_or(""), answer.body);
    EXPECT_TRUE(wrong.empty()) << path << ": " << (wrong.empty() ? "" : wrong.front()) << "\n" << answer.body;
  }
  http::client_response identify(const std::string& picture, std::string token = "sandbox") {
    const auto form = integrations::mds::identify_form(picture, "b");
    return send("/identify/", form.content_type, form.body, std::move(token));
  }

  running_sandbox sandbox_;
  resilience::policy policy_;
  contract contract_{NXG_MDS_CONTRACT};
  std::map<std::string, int> refused_;
};

const std::string picture = "\xFF\xD8\xFF picture";

TEST_F(mds_test, answers_as_its_contract_says) {
  for (int i = 0; i < 30; ++i) expect_as_contracted(identify(picture + std::to_string(i)), "/identify/", 200);
  expect_as_contracted(
      send("/edit/", "application/json",
           R"({"previous_breakdown":"[Rice, white, cooked][100 g][]","user_correction":"200 g rice"})"),
      "/edit/", 200);
  expect_as_contracted(identify("GIF89a"), "/identify/", 422);
  expect_as_contracted(identify(picture, "wrong"), "/identify/", 401);
  expect_as_contracted(send("/identify/", "application/json", "{}"), "/identify/", 415);
  expect_as_contracted(send("/identify/", "multipart/form-data; boundary=b", "--b--\r\n"), "/identify/", 400);
  expect_as_contracted(send("/edit/", "application/json", R"({"user_correction":"x"})"), "/edit/", 400);
  sandbox_.world.faults().order("mds", {.kind = fault_kind::http_500});
  expect_as_contracted(identify(picture), "/identify/", 500);
}

TEST_F(mds_test, the_same_picture_is_the_same_meal) {
  EXPECT_EQ(identify(picture).body, identify(picture).body);
  EXPECT_NE(identify(picture).body, identify(picture + "!").body);
}

TEST_F(mds_test, the_quota_of_an_hour_is_kept) {
  for (int i = 0; i < 500; ++i) static_cast<void>(identify(picture));
  const auto refused = identify(picture);
  expect_as_contracted(refused, "/identify/", 429);
  EXPECT_EQ(refused.header("retry-after"), "60");
  sandbox_.time.advance(61min);
  EXPECT_EQ(identify(picture).status, 200);
}

TEST_F(mds_test, the_adapter_reads_every_meal_and_corrects_it) {
  auto mds = client();
  auto seen = sandbox_.run(mds.identify(picture, false, sandbox_.time.steady() + 5s));
  ASSERT_FALSE(seen.items.empty());
  const auto first = seen.items.front().name;
  const auto word = first.substr(0, first.find(','));
  const auto corrected = sandbox_.run(mds.correct(seen.items, "no " + word + " please", sandbox_.time.steady() + 5s));
  EXPECT_EQ(corrected.items.size(), seen.items.size() - 1);
  for (const auto& one : corrected.items) EXPECT_NE(one.name, first);
}

TEST_F(mds_test, the_adapter_believes_no_lie_and_counts_them) {
  sandbox_.world.faults().order("mds", {.kind = fault_kind::wrong_json});
  for (int i = 0; i < 7; ++i) {
    const auto lie = identify(picture);
    EXPECT_THROW(static_cast<void>(integrations::mds::read_answer(lie.body)), integrations::mds::malformed_answer)
        << lie.body;
  }
  auto mds = client();
  EXPECT_THROW(static_cast<void>(sandbox_.after(mds.identify(picture, false, sandbox_.time.steady() + 20s))),
               integrations::service_unavailable);
  EXPECT_GT(refused_["malformed"] + refused_["instructions"], 0);
}

TEST_F(mds_test, a_wrong_token_is_told_apart) {
  auto mds = client("wrong");
  try {
    static_cast<void>(sandbox_.run(mds.identify(picture, false, sandbox_.time.steady() + 5s)));
    FAIL() << "it should have been refused";
  } catch (const integrations::service_unavailable& away) {
    EXPECT_EQ(away.reason, "unauthorized");
  }
}

mds::meal_reader usual_reader() { return {mds::built_in_foods(), 1}; }
std::string names(const mds::identified_meal& meal) {
  std::string all;
  for (const auto& one : meal.foods) all += one.name + " " + one.quantity + one.unit + "; ";
  return all;
}

TEST(meal_reader, understands_simple_corrections) {
  const auto reader = usual_reader();
  const std::string plate = "[Rice, white, cooked][200 g][]\n[Broccoli, boiled][100 g][]\nTotal: 295 kcal";
  EXPECT_EQ(names(reader.correct(plate, "no broccoli")), "Rice, white, cooked 200g; ");
  EXPECT_EQ(names(reader.correct(plate, "It was 350 g rice")), "Rice, white, cooked 350g; Broccoli, boiled 100g; ");
  EXPECT_EQ(names(reader.correct(plate, "half the rice")), "Rice, white, cooked 100g; Broccoli, boiled 100g; ");
  EXPECT_EQ(names(reader.correct(plate, "pasta instead of rice")), "Pasta, cooked 200g; Broccoli, boiled 100g; ");
  EXPECT_EQ(names(reader.correct(plate, "add an apple")),
            "Rice, white, cooked 200g; Broccoli, boiled 100g; Apple 150g; ");
  EXPECT_EQ(names(reader.correct(plate, "hm, I am not certain")), "Rice, white, cooked 200g; Broccoli, boiled 100g; ");
}

}  // namespace
}  // namespace nxg::sandbox
