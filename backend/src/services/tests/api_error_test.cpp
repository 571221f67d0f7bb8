#include "services/api_error.hpp"

#include <gtest/gtest.h>

#include <set>

namespace nxg {
namespace {

TEST(error_codes, each_has_a_name_of_its_own_and_the_status_of_an_error) {
  std::set<std::string_view> names;
  for (unsigned value = 0; value <= 255; ++value) {
    const auto [name, status] = describe(static_cast<error_code>(value));
    if (name == "internal_error") break;
    EXPECT_TRUE(names.insert(name).second) << name;
    EXPECT_GE(status, 400) << name;
    EXPECT_LT(status, 600) << name;
    EXPECT_NE(status, 500) << name << ": a 500 is never explained";
  }
  EXPECT_TRUE(names.contains("exercise_not_found"));
}

TEST(error_codes, say_in_sentences_what_they_mean_unless_another_library_does) {
  for (unsigned value = 0; value <= 255; ++value) {
    const auto code = static_cast<error_code>(value);
    if (name_of(code) == "internal_error") break;
    const auto meaning = meaning_of(code);
    EXPECT_TRUE(meaning.empty() || meaning.ends_with('.')) << name_of(code);
  }
  EXPECT_NE(meaning_of(error_code::machine_in_use), "");
  EXPECT_NE(meaning_of(error_code::webhook_refused), "");
  EXPECT_EQ(meaning_of(error_code::rate_limited), "");
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
