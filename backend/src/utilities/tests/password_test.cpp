#include "utilities/password_hashing.hpp"
#include "utilities/password_rules.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

namespace nxg::utilities {
namespace {

class hashing : public testing::Test {
 protected:
  template <class T>
  T run(task<T> work) {
    boost::asio::io_context context;
    auto result = boost::asio::co_spawn(context, std::move(work), boost::asio::use_future);
    context.run();
    return result.get();
  }
  password_hasher::verdict verify(std::string password, std::optional<std::string> hash) {
    return run(hasher.verify(std::move(password), std::move(hash)));
  }

  runtime::blocking_pool pool{"passwords", 1, 8};
  password_hasher hasher{pool, {.passes = 1, .memory_kib = 8}};
};

TEST_F(hashing, writes_argon2id_and_knows_its_own) {
  const auto hash = run(hasher.hash("correct horse battery"));
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$")) << hash;
  const auto right = verify("correct horse battery", hash);
  EXPECT_TRUE(right.matches);
  EXPECT_FALSE(right.outdated);
  EXPECT_FALSE(verify("correct horse batterz", hash).matches);
  EXPECT_FALSE(verify("", hash).matches);
}

TEST_F(hashing, salts) { EXPECT_NE(run(hasher.hash("the same")), run(hasher.hash("the same"))); }

TEST_F(hashing, sees_a_hash_of_another_cost) {
  const auto hash = run(hasher.hash("correct horse battery"));
  password_hasher stronger{pool, {.passes = 2, .memory_kib = 16}};
  const auto verdict = run(stronger.verify("correct horse battery", hash));
  EXPECT_TRUE(verdict.matches);
  EXPECT_TRUE(verdict.outdated);
}

TEST_F(hashing, takes_imported_bcrypt_and_asks_to_upgrade_it) {
  // A published vector of the crypt_blowfish test suite, cost 5.
  const std::string hash = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
  const auto right = verify("U*U", hash);
  EXPECT_TRUE(right.matches);
  EXPECT_TRUE(right.outdated);
  EXPECT_FALSE(verify("U*V", hash).matches);
}

TEST_F(hashing, nobody_has_a_password) {
  EXPECT_FALSE(verify("a password nobody has, hashed at the cost of all others", std::nullopt).matches);
}

TEST_F(hashing, a_damaged_hash_matches_nothing) {
  for (const std::string hash : {"", "*0", "plain", "$2a$05$short", "$argon2id$",
                                 "$2a$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"}) {
    EXPECT_FALSE(verify("plain", hash).matches) << hash;
  }
}

std::string_view code_of(std::string_view password, std::vector<std::string_view> own = {}) {
  const auto problem = problem_of_password(password, own);
  return problem ? problem->code : "fine";
}

TEST(password_rules, lengths_count_characters) {
  EXPECT_EQ(code_of("kv7#pQ2!x"), "too_short");
  EXPECT_EQ(code_of("kv7#pQ2!xZ"), "fine");
  EXPECT_EQ(code_of("ßüöäéèàçñ"), "too_short");
  EXPECT_EQ(code_of("ßüöäéèàçñø"), "fine");
  std::string long_one;
  while (long_one.size() < 128) long_one += "kv7#pQ2!xZrT9_wm";
  EXPECT_EQ(code_of(long_one), "fine");
  EXPECT_EQ(code_of(long_one + "1"), "too_long");
}

TEST(password_rules, refuses_repetitions_and_sequences) {
  for (const auto* password :
       {"aaaaaaaaaaaa", "abababababab", "abcdabcdabcd", "1234567890", "0987654321", "abcdefghijkl", "qwertyuiop",
        "poiuytrewq", "asdfghjkl1234", "1q2w3e4r5t6y", "1111122222333", "qwertz123456"}) {
    EXPECT_EQ(code_of(password), "too_simple") << password;
  }
}

TEST(password_rules, refuses_the_commonest_words_however_decorated) {
  for (const auto* password : {"Password2024!", "p4ssw0rd1987", "passwordpassword", "!!Sunshine77", "123iloveyou",
                               "L1verp00l2019", "Workout2025!", "27051985062", "$tarwar$1977"}) {
    EXPECT_EQ(code_of(password), "too_common") << password;
  }
}

TEST(password_rules, lets_long_phrases_be) {
  for (const auto* password :
       {"correct horse battery staple", "dragonflies over water", "my monkey eats football", "Xk3-mm9-Qp1-zz"}) {
    EXPECT_EQ(code_of(password), "fine") << password;
  }
}

TEST(password_rules, refuses_what_names_the_account) {
  EXPECT_EQ(code_of("Lena_Fischer#8", {"lena_fischer", "lf@example.org"}), "contains_account");
  EXPECT_EQ(code_of("xx-jmiller-99-yy", {"other", "JMiller@example.org"}), "contains_account");
  EXPECT_EQ(code_of("unrelated-7-words", {"lf", "a@b.cd"}), "fine") << "short words say nothing";
}

}  // namespace
}  // namespace nxg::utilities
