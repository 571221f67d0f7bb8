#include "sandbox/faults.hpp"

#include <gtest/gtest.h>

namespace nxg::sandbox {
namespace {

using namespace std::chrono_literals;

class faults_test : public ::testing::Test {
 protected:
  runtime::clock time_{runtime::clock::mode::adjustable};
  fault_board board_{time_};
};

TEST_F(faults_test, nothing_happens_unordered) { EXPECT_EQ(board_.next("wps"), fault_kind::none); }

TEST_F(faults_test, an_order_stands_until_the_next) {
  board_.order("wps", {.kind = fault_kind::http_500});
  EXPECT_EQ(board_.next("wps"), fault_kind::http_500);
  EXPECT_EQ(board_.next("mds"), fault_kind::none);
  time_.advance(48h);
  EXPECT_EQ(board_.next("wps"), fault_kind::http_500);
  board_.order("wps", {.kind = fault_kind::none});
  EXPECT_EQ(board_.next("wps"), fault_kind::none);
}

TEST_F(faults_test, an_order_for_some_time_ends_by_itself) {
  board_.order("wps", {.kind = fault_kind::hang, .until = time_.steady() + 30s});
  EXPECT_EQ(board_.next("wps"), fault_kind::hang);
  time_.advance(31s);
  EXPECT_EQ(board_.next("wps"), fault_kind::none);
  EXPECT_EQ(board_.in_force("wps").kind, fault_kind::none);
}

TEST_F(faults_test, a_rate_strikes_that_share_of_the_requests) {
  board_.order("wps", {.kind = fault_kind::http_500, .rate = 0.3});
  int struck = 0;
  for (int i = 0; i < 100; ++i) struck += board_.next("wps") == fault_kind::none ? 0 : 1;
  EXPECT_EQ(struck, 30);
}

TEST_F(faults_test, flapping_is_ill_and_well_in_turn) {
  board_.order("wps", {.kind = fault_kind::flapping});
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(board_.next("wps"), i % 2 == 0 ? fault_kind::http_500 : fault_kind::none) << i;
    time_.advance(5s);
  }
}

}  // namespace
}  // namespace nxg::sandbox
