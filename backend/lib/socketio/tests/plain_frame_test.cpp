#include "socketio/plain_frame.hpp"

#include <gtest/gtest.h>

#include <string>

namespace nxg::socketio::plain {
namespace {

TEST(plain_frame, is_an_event_with_data_and_an_id) {
  const auto read = read_frame(R"({"event":"heart\u0062eat","data":{"a":[1]},"id":7,"more":true})", 8);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->event, "heartbeat");
  EXPECT_EQ(read->data, R"({"a":[1]})");
  EXPECT_EQ(read->id, "7");
}

TEST(plain_frame, needs_no_data_and_no_id) {
  const auto read = read_frame(R"({"event":"x","id":null})", 8);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->data.empty());
  EXPECT_TRUE(read->id.empty());
}

class no_plain_frame : public ::testing::TestWithParam<const char*> {};
TEST_P(no_plain_frame, is_refused) { EXPECT_FALSE(read_frame(GetParam(), 8)); }
INSTANTIATE_TEST_SUITE_P(all, no_plain_frame,
                         ::testing::Values("", "x", "[]", "7", "{}", R"({"event":""})", R"({"event":1})",
                                           R"({"event":"a"} )"
                                           "x",
                                           R"({"event":"a","id":true})", R"({"event":"a","id":[1]})",
                                           R"({"event":"a","data":[[[[[[[[[1]]]]]]]]]})", R"({"event":"a",})"));

TEST(plain_frame, long_names_and_ids_are_refused) {
  EXPECT_FALSE(read_frame(R"({"event":")" + std::string(65, 'x') + R"("})", 8));
  EXPECT_TRUE(read_frame(R"({"event":")" + std::string(64, 'x') + R"("})", 8));
  EXPECT_FALSE(read_frame(R"({"event":"a","id":")" + std::string(63, 'x') + R"("})", 8));
}

TEST(plain_frame, what_the_server_says) {
  EXPECT_EQ(event_frame("a\"b", R"({"n":1})"), R"({"event":"a\"b","data":{"n":1}})");
  EXPECT_EQ(event_frame("a", ""), R"({"event":"a","data":null})");
  EXPECT_EQ(answer_frame("\"x\"", "[1]"), R"({"id":"x","data":[1]})");
}

}  // namespace
}  // namespace nxg::socketio::plain
