#include "utilities/utf8.hpp"

#include <gtest/gtest.h>

namespace nxg::utilities {
namespace {

TEST(first_code_point, is_read_of_one_to_four_octets) {
  const std::pair<std::string_view, code_point> cases[] = {
      {"a", {U'a', 1}}, {"\u00e9t", {0xE9, 2}}, {"\u20ac", {0x20AC, 3}}, {"\U0001F600!", {0x1F600, 4}}};
  for (const auto& [text, expected] : cases) {
    const auto found = first_code_point(text);
    EXPECT_EQ(found.value, expected.value) << text;
    EXPECT_EQ(found.octets, expected.octets) << text;
  }
}

TEST(first_code_point, is_one_replaced_octet_where_the_text_is_no_utf8) {
  for (const std::string_view text :
       {"\x80", "\xbf_", "\xc3", "\xc3(", "\xe2\x82", "\xe2(\xac", "\xf0\x9f\x98", "\xff"}) {
    EXPECT_EQ(first_code_point(text).value, 0xFFFDU);
    EXPECT_EQ(first_code_point(text).octets, 1U);
  }
}

}  // namespace
}  // namespace nxg::utilities
