#include "middleware/translate.hpp"

#include "runtime/blocking_pool.hpp"
#include "schema/problems.hpp"
#include "services/accounts/errors.hpp"
#include "store/errors.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace nxg {
namespace {

template <class Error>
std::optional<http::problem> translated(const Error& error) {
  return translate(std::make_exception_ptr(error));
}

TEST(translate, keeps_code_status_fields_and_the_time_to_wait) {
  const auto limited = translated(too_many_attempts(std::chrono::milliseconds{1'500}));
  ASSERT_TRUE(limited);
  EXPECT_EQ(limited->status(), 429);
  EXPECT_EQ(limited->code(), "rate_limited");
  EXPECT_EQ(limited->headers().find("retry-after"), "2");
  const auto invalid = translated(invalid_fields({{"/a", "x", "is x"}, {"/b", "y", "is y"}}));
  ASSERT_TRUE(invalid);
  ASSERT_EQ(invalid->errors().size(), 2U);
  EXPECT_EQ(invalid->errors()[1].pointer, "/b");
}

TEST(translate, knows_every_failure_of_the_store) {
  const auto status = [](store::failure failed) { return translated(store::error{failed, "inner words"})->status(); };
  EXPECT_EQ(status(store::failure::duplicate), 409);
  EXPECT_EQ(status(store::failure::version_conflict), 412);
  EXPECT_EQ(status(store::failure::not_found), 404);
  EXPECT_EQ(status(store::failure::busy), 503);
  EXPECT_EQ(status(store::failure::unavailable), 503);
  EXPECT_EQ(status(store::failure::outcome_unknown), 503);
  const auto away = translated(store::error{store::failure::unavailable, "inner words"});
  EXPECT_EQ(away->detail().find("inner"), std::string::npos);
  EXPECT_TRUE(away->headers().contains("retry-after"));
}

TEST(translate, full_pools_are_busy_and_defects_are_nobodys_business) {
  EXPECT_EQ(translated(runtime::pool_exhausted{"x"})->code(), "busy");
  EXPECT_EQ(translated(schema::invalid{"syntax", "is no JSON"})->status(), 400);
  EXPECT_EQ(translated(std::logic_error{"defect"}), std::nullopt);
  EXPECT_EQ(translated(42), std::nullopt);
}

}  // namespace
}  // namespace nxg
