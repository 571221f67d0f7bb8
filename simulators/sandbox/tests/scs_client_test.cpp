#include "integrations/scan_processing/scs_client.hpp"

#include "objects/folder.hpp"
#include "runtime/tests/temporary_folder.hpp"
#include "sandbox/tests/contract.hpp"
#include "sandbox/tests/support.hpp"

#include <gtest/gtest.h>

#include <string>

namespace nxg::integrations {
namespace {

using namespace std::chrono_literals;
using sandbox::fault_kind;

// The adapter against the service it is written for, on a clock the test moves.
class scs_client_test : public ::testing::Test {
 protected:
  scs_client_test() : store_{objects::open_folder(sandbox_.time, sandbox_.random, folder())} {}

  objects::folder_options folder() {
    objects::folder_options options;
    options.path = folder_.path();
    return options;
  }
  scs_settings known() { return {sandbox_.world.url() + "/v1/", "sandbox", "sandbox", "sandbox", {}}; }

  template <class T>
  T after(task<T> work) {
    return sandbox_.after(std::move(work));
  }
  template <class T>
  std::string reason_of(task<T> work) {
    try {
      after(std::move(work));
    } catch (const service_unavailable& failed) {
      return failed.reason;
    }
    return "none";
  }
  steady_instant soon() { return sandbox_.time.steady() + 25s; }

  avatar_order order_of(double waist) {
    avatar_order what;
    what.scan = uuid::version_7(sandbox_.time.now(), sandbox_.random);
    what.measurements.waist_cm = waist;
    what.callback_url = sandbox_.world.url() + "/nowhere";
    return what;
  }
  job_report finished(const std::string& job) {
    // Asked until it is, however fast it answers: the job takes its time.
    const auto patience = sandbox_.time.steady() + 20s;
    while (sandbox_.time.steady() < patience) {
      auto said = after(adapter_.report(job, soon()));
      if (said.state == job_state::completed) return said;
    }
    throw std::runtime_error{"the job does not end"};
  }
  std::int64_t requests_to(std::string_view path) {
    std::int64_t count = 0;
    for (const auto& one : sandbox_.world.requests().all()) count += one.target.find(path) != std::string::npos ? 1 : 0;
    return count;
  }

  runtime::temporary_folder folder_{"scs"};
  sandbox::running_sandbox sandbox_;
  std::shared_ptr<objects::object_store> store_;
  resilience::policy orders_{scs_orders_policy(1, 100), sandbox_.time, sandbox_.random};
  resilience::policy results_{scs_results_policy(), sandbox_.time, sandbox_.random};
  scs_client adapter_{known(), {sandbox_.client, orders_, results_}, sandbox_.time};
};

TEST_F(scs_client_test, brings_an_avatar_of_measurements) {
  const auto what = order_of(80);
  const auto job = after(adapter_.order(what, false, soon()));
  EXPECT_EQ(after(adapter_.order(what, false, soon())), job) << "the same scan is the same job";
  const auto said = finished(job);
  ASSERT_TRUE(said.measurements);
  EXPECT_EQ(said.measurements->waist_cm->value(), 80);
  ASSERT_EQ(said.files.size(), 2u);
  for (const auto& file : said.files) {
    const auto kept = after(adapter_.fetch(file, *store_, "scans/" + file.sha256, soon()));
    EXPECT_EQ(kept.sha256, file.sha256);
    EXPECT_EQ(static_cast<std::int64_t>(after(store_->head(kept.key)).size), kept.size_bytes);
  }
}

TEST_F(scs_client_test, one_token_serves_until_a_minute_before_its_end) {
  for (int i = 0; i < 3; ++i) after(adapter_.order(order_of(80 + i), false, soon()));
  EXPECT_EQ(requests_to("/oauth/token"), 1);
  sandbox_.time.advance(59min + 30s);
  after(adapter_.order(order_of(90), false, soon()));
  EXPECT_EQ(requests_to("/oauth/token"), 2);
}

TEST_F(scs_client_test, wrong_credentials_are_told_apart) {
  auto wrong = known();
  wrong.client_secret = "other";
  scs_client stranger{wrong, {sandbox_.client, orders_, results_}, sandbox_.time};
  EXPECT_EQ(reason_of(stranger.order(order_of(80), false, soon())), "unauthorized");
}

TEST_F(scs_client_test, what_is_damaged_elsewhere_or_something_else_is_not_kept) {
  const auto said = finished(after(adapter_.order(order_of(80), false, soon())));
  auto damaged = said.files[0];
  damaged.sha256 = std::string(64, '0');
  EXPECT_EQ(reason_of(adapter_.fetch(damaged, *store_, "scans/a", soon())), "malformed");
  auto other_kind = said.files[0];
  other_kind.kind = scan_file_kind::thumbnail;
  EXPECT_EQ(reason_of(adapter_.fetch(other_kind, *store_, "scans/b", soon())), "malformed");
  auto elsewhere = said.files[0];
  elsewhere.url = "http://169.254.169.254/latest/meta-data";
  EXPECT_EQ(reason_of(adapter_.fetch(elsewhere, *store_, "scans/c", soon())), "malformed");
  objects::list_options all;
  all.prefix = "scans/";
  EXPECT_TRUE(after(store_->list(all)).objects.empty());
}

TEST_F(scs_client_test, every_fault_ends_in_a_reason_within_the_deadline) {
  after(adapter_.order(order_of(80), false, soon()));
  for (const auto kind :
       {fault_kind::http_500, fault_kind::http_429, fault_kind::cut_body, fault_kind::wrong_json, fault_kind::hang}) {
    sandbox_.world.faults().order("scs", {.kind = kind});
    const auto began = sandbox_.time.steady();
    EXPECT_NE(reason_of(adapter_.report("job-1", soon())), "none");
    EXPECT_LT(sandbox_.time.steady() - began, 27s);
    sandbox_.time.advance(2min);
  }
}

TEST_F(scs_client_test, the_hours_quota_ends_before_the_service_says_so) {
  // A quarter of them may come at once.
  resilience::policy few{scs_orders_policy(1, 12), sandbox_.time, sandbox_.random};
  scs_client adapter{known(), {sandbox_.client, few, results_}, sandbox_.time};
  for (int i = 0; i < 3; ++i) after(adapter.order(order_of(70 + i), false, soon()));
  EXPECT_EQ(reason_of(adapter.order(order_of(79), false, soon())), "quota_exhausted");
}

TEST_F(scs_client_test, answers_are_as_the_contract_says) {
  const sandbox::contract contract{NXG_SCS_CONTRACT};
  const auto job = after(adapter_.order(order_of(80), false, soon()));
  finished(job);
  http::client_request token{.method = "POST", .url = sandbox_.world.url() + "/oauth/token"};
  token.headers = {{"Authorization", "Basic c2FuZGJveDpzYW5kYm94"},
                   {"Content-Type", "application/x-www-form-urlencoded"}};
  token.body = "grant_type=client_credentials";
  const auto given = after(sandbox_.client.send(token));
  EXPECT_EQ(contract.check_answer("POST", "/oauth/token", given.status, given.header("content-type").value_or(""),
                                  given.body),
            std::vector<std::string>{});
  const auto text = given.body.substr(17, given.body.find('"', 17) - 17);
  http::client_request status{.method = "GET", .url = sandbox_.world.url() + "/processing/status/" + job};
  status.headers = {{"Authorization", "Bearer " + text}};
  const auto said = after(sandbox_.client.send(status));
  EXPECT_EQ(contract.check_answer("GET", "/processing/status/{jobId}", said.status,
                                  said.header("content-type").value_or(""), said.body),
            std::vector<std::string>{});
}

}  // namespace
}  // namespace nxg::integrations
