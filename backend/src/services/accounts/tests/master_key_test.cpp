#include "services/accounts/master_key.hpp"

#include "runtime/tests/temporary_folder.hpp"
#include "utilities/digest.hpp"
#include "utilities/encoding.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>

namespace nxg {
namespace {

class master_key : public testing::Test {
 protected:
  runtime::temporary_folder folder{"master-key"};
  runtime::secure_random random;
};

TEST_F(master_key, is_read_in_every_spelling) {
  const auto octets = utilities::random_octets(random, 32);
  EXPECT_EQ(parse_master_key(utilities::hex(octets) + "\n").octets(), octets);
  EXPECT_EQ(parse_master_key(utilities::base64url(octets)).octets(), octets);
  // As `openssl rand -base64 32` prints it.
  const auto printed = parse_master_key("q+/4nLJkQ3zB8xv0uE1T7mZ2aY6cW5dR9pHsGfKtVbM=\n");
  EXPECT_EQ(utilities::base64url(printed.octets()), "q-_4nLJkQ3zB8xv0uE1T7mZ2aY6cW5dR9pHsGfKtVbM");
  EXPECT_THROW(parse_master_key("q+/4nLJkQ3zB8xv0uE1T7mZ2aY6cW5dR9pHsGfKtVbM=="), master_key_error);
}

TEST_F(master_key, is_refused_when_it_is_none_or_not_random) {
  for (const std::string text : {"", "secret", "changeme", "zz"})
    EXPECT_THROW(parse_master_key(text), master_key_error) << text;
  EXPECT_THROW(parse_master_key(std::string(64, '0')), master_key_error);
  EXPECT_THROW(parse_master_key(utilities::hex("0123456789abcdef0123456789abcdef")), master_key_error);
}

TEST_F(master_key, is_made_once_in_development_for_its_owner_only) {
  const auto made = keep_master_key_in(folder.path() / "data", random);
  EXPECT_EQ(keep_master_key_in(folder.path() / "data", random).octets(), made.octets());
  struct stat status{};
  ASSERT_EQ(::stat((folder.path() / "data" / "master.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

}  // namespace
}  // namespace nxg
