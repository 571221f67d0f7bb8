#include "services/resident.hpp"

#include "resilience/one_shot.hpp"
#include "resilience/tests/spawned.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <string>

namespace nxg {
namespace {

using namespace std::chrono_literals;
using resilience::one_shot;
using testing_support::settle;
using testing_support::spawned;

class resident_test : public ::testing::Test {
 protected:
  auto ask() { return spawned{executor{context_.get_executor()}, list_.current()}; }
  std::string current() {
    auto asked = ask();
    settle(context_);
    return *asked.result();
  }
  task<std::optional<instant>> changed() {
    if (away_) throw store::error{store::failure::unavailable, "away"};
    co_return changed_at_;
  }
  task<std::shared_ptr<const std::string>> read() {
    ++reads_;
    if (slow_) static_cast<void>(co_await slow_->wait());
    co_return std::make_shared<const std::string>(text_);
  }
  void change(std::string text) {
    text_ = std::move(text);
    time_.advance(1ms);
    changed_at_ = time_.now();
  }

  runtime::clock time_{runtime::clock::mode::adjustable};
  std::optional<instant> changed_at_ = time_.now();
  std::string text_ = "first";
  int reads_ = 0;
  bool away_ = false;
  std::optional<one_shot> slow_;
  resident<std::string> list_{{.changed_at = [this] { return changed(); }, .read = [this] { return read(); }}, time_};
  boost::asio::io_context context_;  // ends first, with whoever still waits
};

TEST_F(resident_test, is_read_once_until_it_changes_and_changes_are_noticed_within_ten_seconds) {
  EXPECT_EQ(current(), "first");
  time_.advance(11s);
  EXPECT_EQ(current(), "first");
  EXPECT_EQ(reads_, 1);
  change("second");
  time_.advance(10s);
  EXPECT_EQ(current(), "second");
  EXPECT_EQ(reads_, 2);
}

TEST_F(resident_test, of_many_who_ask_first_one_reads) {
  slow_.emplace();
  auto first = ask();
  auto second = ask();
  auto third = ask();
  settle(context_);
  EXPECT_EQ(reads_, 1);
  slow_->fire(0);
  settle(context_);
  EXPECT_EQ(*first.result(), "first");
  EXPECT_EQ(second.result(), first.result());
  EXPECT_EQ(third.result(), first.result());
  EXPECT_EQ(reads_, 1);
}

TEST_F(resident_test, goes_on_with_what_it_knows_while_the_store_is_away) {
  EXPECT_EQ(current(), "first");
  change("second");
  away_ = true;
  time_.advance(11s);
  EXPECT_EQ(current(), "first");
  away_ = false;
  time_.advance(11s);
  EXPECT_EQ(current(), "second");
}

TEST_F(resident_test, says_so_while_nothing_was_ever_read_and_asks_again_at_once) {
  away_ = true;
  EXPECT_THROW(current(), store::error);
  away_ = false;
  EXPECT_EQ(current(), "first");
}

}  // namespace
}  // namespace nxg
