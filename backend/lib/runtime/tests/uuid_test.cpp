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

TEST(uuid, is_derived_the_same_from_the_same_text) {
  EXPECT_EQ(uuid::derived_from("a"), uuid::derived_from("a"));
  EXPECT_NE(uuid::derived_from("a"), uuid::derived_from("b"));
}

}  // namespace
}  // namespace nxg
