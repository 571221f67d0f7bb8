#include "runtime/uuid.hpp"

#include <gtest/gtest.h>

namespace nxg {
namespace {

TEST(uuid, reads_what_it_writes) {
  runtime::secure_random random;
  const uuid id = uuid::version_7(instant{std::chrono::milliseconds{1'700'000'000'000}}, random);
  EXPECT_EQ(uuid::parse(id.to_string()), id);
  EXPECT_EQ(id.to_string()[14], '7');
}

TEST(uuid, version_7_sorts_by_time) {
  runtime::secure_random random;
  const auto at = [&](std::int64_t ms) { return uuid::version_7(instant{std::chrono::milliseconds{ms}}, random); };
  EXPECT_LT(at(1'700'000'000'000), at(1'700'000'000'001));
}

TEST(uuid, refuses_what_is_none) {
  for (const auto* text : {"", "x", "018bcfe568007000800000000000000000000000", "018bcfe5-6800-7000-8000-00000000000g",
                           "018bcfe5-6800-7000-8000-0000000000000", "018bcfe56-800-7000-8000-000000000000"}) {
    EXPECT_FALSE(uuid::parse(text)) << text;
  }
}

TEST(uuid, takes_digits_of_either_case_and_no_other_character_anywhere) {
  const std::string good = "01234567-89ab-cdef-0123-456789ABCDEF";
  ASSERT_TRUE(uuid::parse(good));
  EXPECT_EQ(uuid::parse(good)->to_string(), "01234567-89ab-cdef-0123-456789abcdef");
  for (std::size_t place = 0; place < good.size(); ++place) {
    for (int c = 0; c < 256; ++c) {
      auto text = good;
      text[place] = static_cast<char>(c);
      const bool digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      EXPECT_EQ(uuid::parse(text).has_value(), good[place] == '-' ? c == '-' : digit) << place << ' ' << c;
    }
  }
}

TEST(uuid, is_derived_the_same_from_the_same_text) {
  EXPECT_EQ(uuid::derived_from("a"), uuid::derived_from("a"));
  EXPECT_NE(uuid::derived_from("a"), uuid::derived_from("b"));
}

}  // namespace
}  // namespace nxg
