#include "utilities/signed_code.hpp"

#include "utilities/encoding.hpp"
#include "utilities/names.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace nxg::utilities {
namespace {

using namespace std::chrono_literals;

class code_on_a_screen : public testing::Test {
 protected:
  private_key key = private_key::generate(signature_algorithm::ed25519);
  signed_code code{.issuer = uuid::derived_from("branch"),
                   .key = uuid::derived_from("key"),
                   .nonce = uuid::derived_from("nonce"),
                   .issued_at = instant{1'763'844'000'123ms},
                   .expires_at = instant{1'763'844'060'123ms}};
};

TEST_F(code_on_a_screen, comes_back_as_it_was_written) {
  const auto text = write_code(code, key);
  EXPECT_EQ(text.size(), 200U);
  const auto read = unverified_code::parse(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->issuer(), code.issuer);
  EXPECT_EQ(read->key(), code.key);
  EXPECT_EQ(read->verified_by(key.public_half()), code);
}

TEST_F(code_on_a_screen, may_be_read_in_lower_case) {
  const auto read = unverified_code::parse(ascii_lower(write_code(code, key)));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->verified_by(key.public_half()), code);
}

TEST_F(code_on_a_screen, is_worth_nothing_changed_or_under_another_key) {
  const auto text = write_code(code, key);
  EXPECT_EQ(
      unverified_code::parse(text)->verified_by(private_key::generate(signature_algorithm::ed25519).public_half()),
      std::nullopt);
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto changed = text;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    const auto read = unverified_code::parse(changed);
    EXPECT_TRUE(!read || !read->verified_by(key.public_half())) << "at " << i;
  }
}

TEST_F(code_on_a_screen, has_one_form) {
  const auto text = write_code(code, key);
  EXPECT_FALSE(unverified_code::parse(""));
  EXPECT_FALSE(unverified_code::parse(text + "A"));
  EXPECT_FALSE(unverified_code::parse(text.substr(1)));
  auto octets = *from_base32(text);
  octets.front() = 2;
  EXPECT_FALSE(unverified_code::parse(base32(octets))) << "a version not known";
}

TEST_F(code_on_a_screen, is_not_a_signature_for_anything_else) {
  const auto octets = *from_base32(write_code(code, key));
  EXPECT_FALSE(key.public_half().verifies(octets.substr(0, octets.size() - 64), octets.substr(octets.size() - 64)));
}

TEST_F(code_on_a_screen, wants_the_right_key_and_a_time_that_fits) {
  EXPECT_THROW((void)write_code(code, private_key::generate(signature_algorithm::rs256)), std::invalid_argument);
  code.issued_at = instant{-1ms};
  EXPECT_THROW((void)write_code(code, key), std::invalid_argument);
}

}  // namespace
}  // namespace nxg::utilities
