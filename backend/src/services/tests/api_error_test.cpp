#include "services/api_error.hpp"

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>
#include <gtest/gtest.h>

namespace nxg {
namespace {

TEST(error_codes, each_has_a_name_and_the_status_of_an_error) {
  int seen = 0;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<error_code>>([&](auto described) {
    EXPECT_EQ(name_of(described.value), described.name);
    EXPECT_GE(status_of(described.value), 400) << described.name;
    EXPECT_LT(status_of(described.value), 600) << described.name;
    EXPECT_NE(status_of(described.value), 500) << described.name;
    EXPECT_EQ(static_cast<int>(described.value), seen++) << "a code between is not described, before " << described.name;
  });
  EXPECT_GT(seen, 40);
}

TEST(api_error, carries_every_wrong_field) {
  const auto error = invalid_fields({{"/email", "format", "is no e-mail address"}, {"/name", "length", "is too long"}});
  EXPECT_EQ(error.code(), error_code::invalid_request);
  ASSERT_EQ(error.fields().size(), 2U);
  EXPECT_EQ(error.fields()[1].pointer, "/name");
}

TEST(api_error, says_when_to_try_again) {
  EXPECT_EQ(busy(std::chrono::seconds{3}).retry_after(), std::chrono::seconds{3});
  EXPECT_EQ(forbidden().retry_after(), std::nullopt);
}

}  // namespace
}  // namespace nxg
