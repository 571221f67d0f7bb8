#include "utilities/encoding.hpp"

#include <gtest/gtest.h>

namespace nxg::utilities {
namespace {

TEST(encoding, base64url_of_rfc_4648) {
  EXPECT_EQ(base64url(""), "");
  EXPECT_EQ(base64url("f"), "Zg");
  EXPECT_EQ(base64url("fo"), "Zm8");
  EXPECT_EQ(base64url("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64url("\xfb\xff\xfe"), "-__-");
}

TEST(encoding, base32_of_rfc_4648) {
  EXPECT_EQ(base32("f"), "MY");
  EXPECT_EQ(base32("foob"), "MZXW6YQ");
  EXPECT_EQ(base32("foobar"), "MZXW6YTBOI");
}

TEST(encoding, every_octet_comes_back) {
  std::string octets;
  for (int length = 0; length < 70; ++length) {
    EXPECT_EQ(from_base64url(base64url(octets)), octets);
    EXPECT_EQ(from_base32(base32(octets)), octets);
    octets += static_cast<char>(length * 37 + 11);
  }
}

TEST(encoding, refuses_a_second_spelling) {
  EXPECT_EQ(from_base64url("Zg=="), std::nullopt) << "padding";
  EXPECT_EQ(from_base64url("Zh"), std::nullopt) << "bits left over";
  EXPECT_EQ(from_base64url("Zm9vY"), std::nullopt) << "a letter too many";
  EXPECT_EQ(from_base64url("Zm+v"), std::nullopt) << "the other alphabet";
  EXPECT_EQ(from_base64url("Zm9v\n"), std::nullopt);
  EXPECT_EQ(from_base32("MZ"), std::nullopt);
  EXPECT_EQ(from_base32("my"), std::nullopt);
  EXPECT_EQ(from_base32("MZXW6YTBOIA"), std::nullopt);
}

TEST(encoding, hex_has_two_lower_case_digits_per_octet) { EXPECT_EQ(hex({"\x00\x0f\xff", 3}), "000fff"); }

}  // namespace
}  // namespace nxg::utilities
