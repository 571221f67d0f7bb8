#include "utilities/names.hpp"

#include <gtest/gtest.h>

namespace nxg::utilities {
namespace {

TEST(names, user_names_are_letters_digits_underscores) {
  EXPECT_TRUE(is_user_name("Lena_F_07"));
  for (const auto* text : {"", "a b", "a-b", "a.b", "ü", "a\n"}) EXPECT_FALSE(is_user_name(text)) << text;
}

TEST(names, people_are_named_in_any_script) {
  for (const auto* text :
       {"Anne-Marie O'Neill", "Jean Luc", "Zoë", "José", "Łukasz", "Нина", "李小龙", "नेहा", "D’Angelo", "J. Doe"}) {
    EXPECT_TRUE(is_person_name(text)) << text;
  }
}

TEST(names, people_are_not_named_like_this) {
  for (const auto* text :
       {"", "-", "R2D2", "<b>", "a@b", "a;b", "x\ny", "\u202Eevil", "zero\u200Bwidth", "\U0001F600", "..."}) {
    EXPECT_FALSE(is_person_name(text)) << text;
  }
}

TEST(names, tidy_leaves_single_spaces_inside) {
  EXPECT_EQ(tidy("  Anne \t Marie\n"), "Anne Marie");
  EXPECT_EQ(tidy("   "), "");
  EXPECT_EQ(ascii_lower("AbZ-Ä"), "abz-Ä");
}

}  // namespace
}  // namespace nxg::utilities
