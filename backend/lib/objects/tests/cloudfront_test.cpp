#include "objects/cloudfront.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <chrono>
#include <stdexcept>
#include <string>

namespace nxg::objects {
namespace {

using testing::HasSubstr;

const instant end{std::chrono::seconds{1357034400}};

std::string pem_of(EVP_PKEY* key) {
  BIO* out = BIO_new(BIO_s_mem());
  PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
  char* text = nullptr;
  const auto size = BIO_get_mem_data(out, &text);
  std::string pem{text, static_cast<std::size_t>(size)};
  BIO_free(out);
  return pem;
}

std::string parameter(const std::string& url, const std::string& name) {
  const auto at = url.find(name + "=");
  if (at == std::string::npos) return {};
  const auto from = at + name.size() + 1;
  return url.substr(from, url.find('&', from) - from);
}

std::string decoded(std::string text) {
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '=' : c == '~' ? '/' : c;
  std::string octets(text.size(), '\0');
  const auto size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(octets.data()),
                                    reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  const auto padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  octets.resize(static_cast<std::size_t>(size - padding));
  return octets;
}

/// One key for all: making one takes a while.
EVP_PKEY* key() {
  static EVP_PKEY* made = EVP_RSA_gen(2048);
  return made;
}

/// As CloudFront does it, with the public key.
bool verifies(const std::string& url, const std::string& policy) {
  const auto signature = decoded(parameter(url, "Signature"));
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestVerifyInit(context, nullptr, EVP_sha1(), nullptr, key());
  const bool good =
      EVP_DigestVerify(context, reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                       reinterpret_cast<const unsigned char*>(policy.data()), policy.size()) == 1;
  EVP_MD_CTX_free(context);
  return good;
}

class cloudfront_test : public testing::Test {
 protected:
  const cloudfront_signer signer_{"K2JCJMDEHXQW5F", pem_of(key())};
};

TEST_F(cloudfront_test, a_canned_policy_is_signed_as_documented) {
  const std::string url = "https://d111111abcdef8.cloudfront.net/horizon.jpg?size=large&license=yes";
  const auto made = signer_.sign(url, end);
  EXPECT_TRUE(made.starts_with(url + "&Expires=1357034400&Signature="));
  EXPECT_TRUE(made.ends_with("&Key-Pair-Id=K2JCJMDEHXQW5F"));
  EXPECT_TRUE(verifies(
      made, R"({"Statement":[{"Resource":"https://d111111abcdef8.cloudfront.net/horizon.jpg?size=large&license=yes",)"
            R"("Condition":{"DateLessThan":{"AWS:EpochTime":1357034400}}}]})"));
  EXPECT_FALSE(verifies(made, cloudfront_signer::canned_policy(url, end + std::chrono::seconds{1})));
  EXPECT_FALSE(verifies(made, cloudfront_signer::canned_policy(url + "x", end)));
  EXPECT_THAT(signer_.sign("https://d.cloudfront.net/a.jpg", end), HasSubstr("/a.jpg?Expires="));
}

TEST_F(cloudfront_test, a_custom_policy_travels_with_its_signature) {
  const cloudfront_policy policy{.resource = "https://d111111abcdef8.cloudfront.net/training/*",
                                 .expires = end,
                                 .not_before = end - std::chrono::hours{1},
                                 .address = "203.0.113.0/24"};
  const auto made = signer_.sign("https://d111111abcdef8.cloudfront.net/training/orientation.avi", policy);
  const auto text = decoded(parameter(made, "Policy"));
  EXPECT_EQ(text, R"({"Statement":[{"Resource":"https://d111111abcdef8.cloudfront.net/training/*","Condition":)"
                  R"({"DateLessThan":{"AWS:EpochTime":1357034400},"DateGreaterThan":{"AWS:EpochTime":1357030800},)"
                  R"("IpAddress":{"AWS:SourceIp":"203.0.113.0/24"}}}]})");
  EXPECT_TRUE(verifies(made, text));
  EXPECT_FALSE(verifies(made, text + " "));
  EXPECT_EQ(parameter(made, "Expires"), "");
}

TEST_F(cloudfront_test, nothing_of_a_signature_needs_encoding_in_a_query) {
  for (int i = 0; i < 50; ++i) {
    const auto made = signer_.sign("https://d.cloudfront.net/" + std::to_string(i), end);
    EXPECT_EQ(parameter(made, "Signature").find_first_of("+/="), std::string::npos);
  }
}

TEST_F(cloudfront_test, what_would_not_stand_in_a_policy_as_it_is_is_refused) {
  for (const auto* url :
       {"https://d.cloudfront.net/a\"b", "https://d.cloudfront.net/a b", "https://d.cloudfront.net/ü"})
    EXPECT_THROW((void)signer_.sign(url, end), std::invalid_argument);
}

TEST_F(cloudfront_test, a_wrong_key_is_refused) {
  EXPECT_THROW((cloudfront_signer{"K", "no key"}), std::invalid_argument);
  EXPECT_THROW((cloudfront_signer{"", pem_of(key())}), std::invalid_argument);
  EXPECT_THROW((cloudfront_signer{"K&x=y", pem_of(key())}), std::invalid_argument);
  EVP_PKEY* curve = EVP_EC_gen("P-256");
  EXPECT_THROW((cloudfront_signer{"K", pem_of(curve)}), std::invalid_argument);
  EVP_PKEY_free(curve);
}

}  // namespace
}  // namespace nxg::objects
