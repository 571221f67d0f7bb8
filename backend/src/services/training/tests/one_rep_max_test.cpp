#include "services/training/one_rep_max.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace nxg::training {
namespace {

struct vector {
  one_rep_max_formula by;
  double five_reps;
};

// Of 100 kg lifted five times.
TEST(one_rep_max, every_formula_gives_its_published_vector) {
  const vector vectors[] = {
      {one_rep_max_formula::epley, 116.667},    {one_rep_max_formula::brzycki, 112.500},
      {one_rep_max_formula::lombardi, 117.462}, {one_rep_max_formula::oconner, 112.500},
      {one_rep_max_formula::mayhew, 119.011},   {one_rep_max_formula::wathan, 116.583},
  };
  for (const auto& one : vectors) {
    const auto estimate = estimate_one_rep_max(one.by, 100, 5);
    ASSERT_TRUE(estimate);
    EXPECT_NEAR(estimate->kilograms, one.five_reps, 0.0005);
    EXPECT_FALSE(estimate->low_confidence);
  }
}

TEST(one_rep_max, brzycki_and_epley_meet_at_ten) {
  EXPECT_NEAR(estimate_one_rep_max(one_rep_max_formula::epley, 100, 10)->kilograms, 133.333, 0.0005);
  EXPECT_NEAR(estimate_one_rep_max(one_rep_max_formula::brzycki, 100, 10)->kilograms, 133.333, 0.0005);
}

TEST(one_rep_max, one_repetition_is_the_maximum_itself) {
  for (const auto by : {one_rep_max_formula::epley, one_rep_max_formula::mayhew, one_rep_max_formula::wathan})
    EXPECT_DOUBLE_EQ(estimate_one_rep_max(by, 92.5, 1)->kilograms, 92.5);
}

TEST(one_rep_max, is_less_sure_at_eleven_and_twelve_and_refuses_beyond) {
  EXPECT_FALSE(estimate_one_rep_max(one_rep_max_formula::epley, 60, 10)->low_confidence);
  EXPECT_TRUE(estimate_one_rep_max(one_rep_max_formula::epley, 60, 11)->low_confidence);
  EXPECT_TRUE(estimate_one_rep_max(one_rep_max_formula::epley, 60, 12)->low_confidence);
  EXPECT_FALSE(estimate_one_rep_max(one_rep_max_formula::epley, 60, 13));
  EXPECT_FALSE(estimate_one_rep_max(one_rep_max_formula::brzycki, 60, 37));
  EXPECT_FALSE(estimate_one_rep_max(one_rep_max_formula::epley, 60, 0));
  EXPECT_FALSE(estimate_one_rep_max(one_rep_max_formula::epley, 0, 5));
  EXPECT_FALSE(estimate_one_rep_max(one_rep_max_formula::epley, std::nan(""), 5));
}

}  // namespace
}  // namespace nxg::training
