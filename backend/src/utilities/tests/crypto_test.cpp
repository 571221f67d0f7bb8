#include "utilities/digest.hpp"
#include "utilities/encoding.hpp"
#include "utilities/sealing.hpp"
#include "utilities/signing.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace nxg::utilities {
namespace {

TEST(digest, published_vectors) {
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  // RFC 4231, test case 2
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(digest, compares_secrets) {
  EXPECT_TRUE(equal_in_constant_time("same", "same"));
  EXPECT_FALSE(equal_in_constant_time("same", "some"));
  EXPECT_FALSE(equal_in_constant_time("same", "sam"));
  EXPECT_TRUE(equal_in_constant_time("", ""));
}

class sealing : public testing::Test {
 protected:
  runtime::secure_random random;
  sealing_key key = sealing_key::generate(random);
};

TEST_F(sealing, opens_what_it_sealed) {
  for (const std::string plain : {"", "x", "penicillin, peanuts"}) {
    EXPECT_EQ(key.open(key.seal(plain, "users/1/allergies", random), "users/1/allergies"), plain);
  }
}

TEST_F(sealing, never_seals_twice_alike) { EXPECT_NE(key.seal("a", "b", random), key.seal("a", "b", random)); }

TEST_F(sealing, refuses_another_place_another_key_and_any_changed_octet) {
  const auto sealed = key.seal("peanuts", "users/1/allergies", random);
  EXPECT_EQ(key.open(sealed, "users/2/allergies"), std::nullopt);
  EXPECT_EQ(sealing_key::generate(random).open(sealed, "users/1/allergies"), std::nullopt);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    auto changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_EQ(key.open(changed, "users/1/allergies"), std::nullopt) << "octet " << i;
    EXPECT_EQ(key.open(std::string_view{sealed}.substr(0, i), "users/1/allergies"), std::nullopt) << "cut at " << i;
  }
}

TEST_F(sealing, wants_a_key_of_32_octets) {
  EXPECT_THROW(sealing_key{"too short"}, std::invalid_argument);
  EXPECT_EQ(sealing_key{key.octets()}.open(key.seal("v", "", random), ""), "v");
}

class signing : public testing::TestWithParam<signature_algorithm> {};

TEST_P(signing, verifies_its_own_and_nothing_else) {
  const auto key = private_key::generate(GetParam());
  const auto verifier = key.public_half();
  const auto signature = key.sign("message");
  EXPECT_TRUE(verifier.verifies("message", signature));
  EXPECT_FALSE(verifier.verifies("another message", signature));
  EXPECT_FALSE(verifier.verifies("message", ""));
  EXPECT_FALSE(verifier.verifies("message", signature.substr(1)));
  EXPECT_FALSE(private_key::generate(GetParam()).public_half().verifies("message", signature));
}

TEST_P(signing, survives_being_stored) {
  const auto key = private_key::generate(GetParam());
  const auto stored = private_key::from_der(key.to_der());
  const auto published = public_key::from_der(key.public_half().to_der());
  ASSERT_TRUE(stored && published);
  EXPECT_EQ(published->algorithm(), GetParam());
  EXPECT_TRUE(published->verifies("message", stored->sign("message")));
}

TEST_P(signing, refuses_what_is_no_key) {
  const auto der = private_key::generate(GetParam()).to_der();
  EXPECT_FALSE(private_key::from_der("nonsense"));
  EXPECT_FALSE(private_key::from_der(der.substr(0, der.size() - 1)));
  EXPECT_FALSE(private_key::from_der(der + "x"));
  EXPECT_FALSE(public_key::from_der(der));
}

INSTANTIATE_TEST_SUITE_P(algorithms, signing, testing::Values(signature_algorithm::rs256, signature_algorithm::ed25519),
                         [](const auto& chosen) {
                           return chosen.param == signature_algorithm::rs256 ? "rs256" : "ed25519";
                         });

TEST(jwk, holds_the_public_members) {
  const auto rsa = private_key::generate(signature_algorithm::rs256).public_half().to_jwk();
  EXPECT_EQ(rsa.kty, "RSA");
  EXPECT_EQ(rsa.alg, "RS256");
  EXPECT_EQ(rsa.e, "AQAB");
  EXPECT_EQ(from_base64url(rsa.n)->size(), 256U);
  const auto okp = private_key::generate(signature_algorithm::ed25519).public_half().to_jwk();
  EXPECT_EQ(okp.kty, "OKP");
  EXPECT_EQ(okp.crv, "Ed25519");
  EXPECT_EQ(from_base64url(okp.x)->size(), 32U);
}

TEST(ed25519, vector_of_rfc_8032) {
  // Section 7.1, test 1, in its PKCS #8 form.
  const auto seed = std::string{
      "\x9d\x61\xb1\x9d\xef\xfd\x5a\x60\xba\x84\x4a\xf4\x92\xec\x2c\xc4"
      "\x44\x49\xc5\x69\x7b\x32\x69\x19\x70\x3b\xac\x03\x1c\xae\x7f\x60"};
  const std::string prefix{"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20", 16};
  const auto key = private_key::from_der(prefix + seed);
  ASSERT_TRUE(key);
  EXPECT_EQ(hex(key->sign("")),
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
            "d25bf5f0595bbe24655141438e7a100b");
}

}  // namespace
}  // namespace nxg::utilities
