#include "utilities/addresses.hpp"

#include <gtest/gtest.h>

namespace nxg::utilities {
namespace {

TEST(subscriber, is_the_whole_of_an_ipv4_address) {
  EXPECT_EQ(subscriber_of("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(subscriber_of("::ffff:192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(subscriber_of("::ffff:c000:207"), "192.0.2.7");
}

TEST(subscriber, is_the_first_half_of_an_ipv6_address) {
  EXPECT_EQ(subscriber_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(subscriber_of("2001:DB8:1:2:ffff:ffff:ffff:ffff"), "2001:db8:1:2::/64");
  EXPECT_NE(subscriber_of("2001:db8:1:3::6"), subscriber_of("2001:db8:1:2::6"));
  EXPECT_EQ(subscriber_of("fe80::1%2"), "fe80::/64");
  EXPECT_EQ(subscriber_of("::1"), "::/64");
}

TEST(subscriber, of_what_is_no_address_is_the_text) {
  for (const auto* text : {"", "unknown", "2001:db8::x", ":"}) EXPECT_EQ(subscriber_of(text), text);
}

}  // namespace
}  // namespace nxg::utilities
