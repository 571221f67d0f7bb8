#include "coordination/tests/contract_fixture.hpp"

#include <gmock/gmock.h>

#include <stdexcept>
#include <vector>

namespace nxg::coordination {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class bus_contract : public contract {
 protected:
  /// Writes down what it gets.
  bus::handler into(std::vector<std::string>& list) {
    return
        [&list](const delivery& one) { list.push_back((one.gap ? "gap " : "") + (one.payload ? *one.payload : "")); };
  }
  auto subscribe(std::string_view topic, std::vector<std::string>& list, std::size_t max_queued = 1024) {
    return here().bus().subscribe(topic, context_.get_executor(), into(list), max_queued);
  }
  void deliver() {
    world_->deliver();
    settle();
  }
};

TEST_P(bus_contract, delivers_to_all_subscribers_of_exactly_that_topic_in_order) {
  std::vector<std::string> one;
  std::vector<std::string> two;
  std::vector<std::string> other;
  const auto first = subscribe("a", one);
  const auto second = there().bus().subscribe("a", context_.get_executor(), into(two));
  const auto third = subscribe("ab", other);
  deliver();
  for (int i = 0; i < 200; ++i) here().bus().publish("a", std::to_string(i));
  EXPECT_THAT(one, IsEmpty()) << "never from inside publish";
  deliver();
  std::vector<std::string> expected;
  for (int i = 0; i < 200; ++i) expected.push_back(std::to_string(i));
  EXPECT_EQ(one, expected);
  EXPECT_EQ(two, expected);
  EXPECT_THAT(other, IsEmpty());
}

TEST_P(bus_contract, a_message_to_nobody_is_gone) {
  here().bus().publish("a", "before");
  std::vector<std::string> list;
  const auto subscribed = subscribe("a", list);
  here().bus().publish("a", "after");
  deliver();
  EXPECT_THAT(list, ElementsAre("after"));
}

TEST_P(bus_contract, a_subscription_ends_when_it_is_destroyed_also_for_what_was_queued) {
  std::vector<std::string> list;
  auto subscribed = subscribe("a", list);
  here().bus().publish("a", "1");
  deliver();
  here().bus().publish("a", "2");
  world_->deliver();
  subscribed.reset();
  here().bus().publish("a", "3");
  deliver();
  EXPECT_THAT(list, ElementsAre("1"));
}

TEST_P(bus_contract, a_handler_may_end_its_own_subscription) {
  int calls = 0;
  std::unique_ptr<subscription> subscribed;
  subscribed = here().bus().subscribe("a", context_.get_executor(), [&](const delivery&) {
    ++calls;
    subscribed.reset();
  });
  here().bus().publish("a", "1");
  here().bus().publish("a", "2");
  deliver();
  EXPECT_EQ(calls, 1);
}

TEST_P(bus_contract, a_slow_subscriber_loses_the_oldest_is_told_and_holds_nobody_up) {
  std::vector<std::string> slow;
  std::vector<std::string> quick;
  const auto first = subscribe("a", slow, 3);
  const auto second = subscribe("a", quick);
  for (int i = 0; i < 10; ++i) here().bus().publish("a", std::to_string(i));
  deliver();
  EXPECT_THAT(slow, ElementsAre("gap 7", "8", "9"));
  EXPECT_EQ(quick.size(), 10u);
  EXPECT_EQ(here().bus().dropped(), 7u);
}

TEST_P(bus_contract, a_handler_that_throws_is_told_of_a_gap_and_called_again) {
  std::vector<std::string> list;
  int calls = 0;
  const auto subscribed = here().bus().subscribe("a", context_.get_executor(), [&](const delivery& one) {
    if (++calls == 2) throw std::runtime_error{"no"};
    into(list)(one);
  });
  for (const auto* text : {"1", "2", "3"}) here().bus().publish("a", text);
  deliver();
  EXPECT_THAT(list, ElementsAre("1", "gap 3"));
}

TEST_P(bus_contract, a_handler_may_publish_and_subscribe) {
  std::vector<std::string> list;
  std::unique_ptr<subscription> more;
  const auto first = here().bus().subscribe("a", context_.get_executor(), [&](const delivery&) {
    more = subscribe("b", list);
    here().bus().publish("b", "from inside");
  });
  here().bus().publish("a", "1");
  deliver();
  deliver();
  EXPECT_THAT(list, ElementsAre("from inside"));
}

TEST_P(bus_contract, refuses_what_is_too_large_or_too_many) {
  EXPECT_THROW(here().bus().publish("a", std::string((1 << 20) + 1, 'x')), std::invalid_argument);
  bounded_by({.max_subscriptions = 2});
  std::vector<std::string> list;
  auto one = subscribe("a", list);
  const auto two = subscribe("b", list);
  EXPECT_THROW(subscribe("c", list), std::runtime_error);
  one.reset();
  EXPECT_TRUE(subscribe("c", list));
}

INSTANTIATE_TEST_SUITE_P(engines, bus_contract, testing::ValuesIn(worlds()), name_of_world);

}  // namespace
}  // namespace nxg::coordination
