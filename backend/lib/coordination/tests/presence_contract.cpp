#include "coordination/tests/contract_fixture.hpp"

#include <gmock/gmock.h>

namespace nxg::coordination {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class presence_contract : public contract {
 protected:
  bool enter(std::string_view group, std::string_view member, std::string_view connection,
             std::chrono::milliseconds how_long = 60s) {
    return get(here().presence().enter(group, member, connection, how_long));
  }
  std::size_t count(std::string_view group) { return get(there().presence().count(group)); }
  std::vector<std::string> names(std::string_view group, std::size_t limit = 1000, std::string_view after = {}) {
    std::vector<std::string> result;
    for (const auto& one : get(there().presence().list(group, limit, after))) result.push_back(one.member);
    return result;
  }
};

TEST_P(presence_contract, counts_members_not_connections) {
  EXPECT_TRUE(enter("branch", "ann", "1"));
  EXPECT_TRUE(enter("branch", "ann", "2"));
  EXPECT_TRUE(enter("branch", "bob", "3"));
  EXPECT_TRUE(enter("other", "eve", "4"));
  EXPECT_EQ(count("branch"), 2u);
  EXPECT_TRUE(get(there().presence().is_present("branch", "ann")));
  EXPECT_FALSE(get(there().presence().is_present("branch", "eve")));
  EXPECT_FALSE(get(there().presence().is_present("nowhere", "ann")));
  EXPECT_EQ(get(there().presence().list("branch")).at(0).connections, 2u);
}

TEST_P(presence_contract, a_member_leaves_with_the_last_connection) {
  enter("g", "ann", "1");
  enter("g", "ann", "2");
  run(here().presence().leave("g", "ann", "1"));
  run(here().presence().leave("g", "ann", "1"));
  run(here().presence().leave("g", "nobody", "1"));
  EXPECT_EQ(count("g"), 1u);
  run(here().presence().leave("g", "ann", "2"));
  EXPECT_EQ(count("g"), 0u);
}

TEST_P(presence_contract, who_is_not_renewed_is_gone) {
  enter("g", "ann", "1", 60s);
  enter("g", "bob", "1", 60s);
  world_->pass(40s);
  enter("g", "ann", "1", 60s);
  world_->pass(30s);
  EXPECT_THAT(names("g"), ElementsAre("ann"));
  world_->pass(31s);
  EXPECT_EQ(count("g"), 0u);
}

TEST_P(presence_contract, tells_since_when_by_the_first_connection_that_is_still_there) {
  const auto began = world_->time().now();
  enter("g", "ann", "1", 1h);
  world_->pass(10min);
  enter("g", "ann", "2", 1h);
  enter("g", "ann", "1", 1h);
  EXPECT_LT(get(there().presence().list("g")).at(0).since - began, 1min);
  run(here().presence().leave("g", "ann", "1"));
  EXPECT_GE(get(there().presence().list("g")).at(0).since - began, 10min);
}

TEST_P(presence_contract, lists_in_order_and_in_pages) {
  for (const auto* name : {"d", "b", "a", "c"}) enter("g", name, "1");
  EXPECT_THAT(names("g"), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(names("g", 2), ElementsAre("a", "b"));
  EXPECT_THAT(names("g", 2, "b"), ElementsAre("c", "d"));
  EXPECT_TRUE(names("g", 2, "d").empty());
}

TEST_P(presence_contract, is_bounded_and_has_room_again_when_others_have_gone) {
  bounded_by({.max_present = 2});
  EXPECT_TRUE(enter("g", "a", "1", 10s));
  EXPECT_TRUE(enter("g", "b", "1", 60s));
  EXPECT_FALSE(enter("g", "c", "1"));
  EXPECT_FALSE(enter("new", "c", "1"));
  EXPECT_TRUE(enter("g", "b", "1", 60s)) << "renewing needs no room";
  EXPECT_EQ(count("g"), 2u);
  EXPECT_EQ(count("new"), 0u);
  world_->pass(11s);
  EXPECT_TRUE(enter("g", "c", "1"));
}

INSTANTIATE_TEST_SUITE_P(engines, presence_contract, testing::ValuesIn(worlds()), name_of_world);

}  // namespace
}  // namespace nxg::coordination
