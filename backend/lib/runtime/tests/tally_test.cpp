#include "runtime/tally.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace nxg::runtime {
namespace {

TEST(tally, counts_what_is_under_way_of_each_key) {
  tally<std::string> looks;
  auto first = looks.take("a");
  EXPECT_EQ(first.number(), 1U);
  {
    const auto second = looks.take("a");
    EXPECT_EQ(second.number(), 2U);
    EXPECT_EQ(looks.take("b").number(), 1U);
  }
  EXPECT_EQ(looks.take("a").number(), 2U) << "two were given back";
  first = {};
  EXPECT_EQ(looks.take("a").number(), 1U);
}

TEST(tally, counts_a_place_once_wherever_it_is_moved) {
  tally<std::string> looks;
  auto one = looks.take("a");
  const auto moved = std::move(one);
  EXPECT_EQ(looks.take("a").number(), 2U);
  auto other = looks.take("b");
  other = looks.take("c");
  EXPECT_EQ(looks.take("b").number(), 1U) << "what it held before was given back";
}

TEST(tally, may_go_before_its_places) {
  std::optional<tally<std::string>> looks{std::in_place};
  const auto one = looks->take("a");
  looks.reset();
  EXPECT_EQ(one.number(), 1U);
}

}  // namespace
}  // namespace nxg::runtime
