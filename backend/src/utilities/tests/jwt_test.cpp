#include "utilities/jwt.hpp"

#include "utilities/digest.hpp"
#include "utilities/encoding.hpp"

#include <gtest/gtest.h>

namespace nxg::utilities {
namespace {

using namespace std::chrono_literals;

class jwt : public testing::Test {
 protected:
  static const private_key& key() {
    static const auto made = private_key::generate(signature_algorithm::rs256);
    return made;
  }
  token_claims claims() const {
    return {.issuer = "nxg-connect",
            .audience = "nxg-api",
            .subject = uuid::derived_from("subject"),
            .session = uuid::derived_from("session"),
            .token_id = uuid::derived_from("token"),
            .role = "staff",
            .scopes = {uuid::derived_from("a branch"), uuid::derived_from("another")},
            .issued_at = now,
            .not_before = now,
            .expires_at = now + 15min};
  }
  std::variant<token_claims, token_refusal> read(std::string_view token, instant at) const {
    return read_token(token, verifier, expected, at);
  }
  token_refusal refusal(std::string_view token) const {
    const auto result = read(token, now);
    EXPECT_TRUE(std::holds_alternative<token_refusal>(result)) << token;
    const auto* why = std::get_if<token_refusal>(&result);
    return why != nullptr ? *why : token_refusal{255};
  }
  std::string signed_by_us(std::string_view head, std::string_view payload) const {
    std::string token = base64url(head) + '.' + base64url(payload);
    const auto signature = key().sign(token);
    return token + '.' + base64url(signature);
  }

  instant now{1'700'000'000s};
  public_key verifier = key().public_half();
  token_expectations expected{.issuer = "nxg-connect", .audience = "nxg-api"};
  std::string header = R"({"alg":"RS256","typ":"at+jwt","kid":"k-1"})";
};

TEST_F(jwt, comes_back_as_it_was_written) {
  const auto token = write_token(claims(), "k-1", key());
  EXPECT_EQ(kid_of(token), "k-1");
  const auto result = read(token, now + 1min);
  ASSERT_TRUE(std::holds_alternative<token_claims>(result));
  EXPECT_EQ(std::get<token_claims>(result), claims());
}

TEST_F(jwt, comes_back_with_as_many_scopes_as_it_may_have) {
  auto wide = claims();
  wide.scopes.clear();
  for (std::size_t i = 0; i < max_token_scopes; ++i) wide.scopes.push_back(uuid::derived_from(std::to_string(i)));
  const auto result = read(write_token(wide, "k-1", key()), now);
  ASSERT_TRUE(std::holds_alternative<token_claims>(result));
  EXPECT_EQ(std::get<token_claims>(result), wide);
  wide.scopes.push_back(uuid::derived_from("one more"));
  EXPECT_THROW(static_cast<void>(write_token(wide, "k-1", key())), std::invalid_argument);
}

TEST_F(jwt, ends_with_the_second_of_its_expiry) {
  const auto token = write_token(claims(), "k-1", key());
  EXPECT_TRUE(std::holds_alternative<token_claims>(read(token, now + 15min - 1ms)));
  EXPECT_EQ(std::get<token_refusal>(read(token, now + 15min)), token_refusal::expired);
}

TEST_F(jwt, begins_when_it_says_give_or_take_the_skew) {
  const auto token = write_token(claims(), "k-1", key());
  EXPECT_TRUE(std::holds_alternative<token_claims>(read(token, now - 5s)));
  EXPECT_EQ(std::get<token_refusal>(read(token, now - 6s)), token_refusal::not_yet_valid);
}

TEST_F(jwt, is_for_one_issuer_and_one_audience) {
  auto other = claims();
  other.issuer = "somebody";
  EXPECT_EQ(refusal(write_token(other, "k-1", key())), token_refusal::wrong_issuer);
  other = claims();
  other.audience = "another-api";
  EXPECT_EQ(refusal(write_token(other, "k-1", key())), token_refusal::wrong_audience);
}

TEST_F(jwt, refuses_every_other_algorithm_and_type) {
  for (const std::string other : {
           R"({"alg":"none","typ":"at+jwt","kid":"k-1"})",
           R"({"alg":"HS256","typ":"at+jwt","kid":"k-1"})",
           R"({"alg":"RS384","typ":"at+jwt","kid":"k-1"})",
           R"({"alg":"RS256","typ":"JWT","kid":"k-1"})",
           R"({"alg":"RS256","typ":"at+jwt","kid":"../../etc"})",
           R"({"alg":"RS256","typ":"at+jwt","kid":"k-1","jwk":{}})",
           R"({"alg":"RS256","typ":"at+jwt","kid":""})",
           R"({"typ":"at+jwt","alg":"RS256","kid":"k-1"})",
           R"({"alg":"RS256","typ":"at+jwt","kid":"})",
           R"({})",
       }) {
    EXPECT_EQ(kid_of(signed_by_us(other, "{}")), std::nullopt) << other;
    EXPECT_EQ(refusal(signed_by_us(other, "{}")), token_refusal::malformed) << other;
  }
}

TEST_F(jwt, refuses_a_mac_made_with_the_public_key) {
  const auto genuine = write_token(claims(), "k-1", key());
  const auto signed_text = genuine.substr(0, genuine.rfind('.'));
  EXPECT_EQ(refusal(signed_text + '.' + base64url(hmac_sha256(verifier.to_der(), signed_text))),
            token_refusal::bad_signature);
}

TEST_F(jwt, refuses_any_change) {
  const auto genuine = write_token(claims(), "k-1", key());
  for (std::size_t i = 0; i < genuine.size(); i += 3) {
    auto changed = genuine;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_TRUE(std::holds_alternative<token_refusal>(read(changed, now))) << "at " << i;
  }
  const auto another = private_key::generate(signature_algorithm::rs256);
  EXPECT_EQ(refusal(write_token(claims(), "k-1", another)), token_refusal::bad_signature);
}

TEST_F(jwt, a_key_made_by_several_threads_is_one_key) {
  for (const unsigned threads : {1U, 3U}) {
    const auto made = private_key::generate_racing(signature_algorithm::rs256, threads);
    EXPECT_EQ(made.algorithm(), signature_algorithm::rs256);
    EXPECT_TRUE(made.public_half().verifies("message", made.sign("message")));
    EXPECT_TRUE(private_key::from_der(made.to_der()));
  }
  EXPECT_EQ(private_key::generate_racing(signature_algorithm::ed25519, 3).algorithm(), signature_algorithm::ed25519);
}

TEST_F(jwt, refuses_what_is_no_token) {
  for (const std::string text : {"", ".", "..", "...", "a.b", "a.b.c.d", "Zg.Zg.Zg"}) {
    EXPECT_EQ(refusal(text), token_refusal::malformed) << text;
  }
  EXPECT_EQ(refusal(std::string(max_token_size + 1, 'a')), token_refusal::malformed);
  const auto genuine = write_token(claims(), "k-1", key());
  EXPECT_EQ(refusal(genuine + '='), token_refusal::malformed);
}

TEST_F(jwt, refuses_a_signed_payload_that_is_not_ours) {
  for (const std::string payload : {
           R"([])",
           R"({})",
           R"({"iss":1})",
           R"({"iss":"nxg-connect","aud":["nxg-api"]})",
           R"({"iss":"nxg-connect","aud":"nxg-api","sub":"1","sid":"1","jti":"1","role":"a","iat":1,"nbf":1,"exp":2})",
           R"({"iss":"nxg-connect","aud":"nxg-api","sub":"00000000-0000-0000-0000-000000000000",)"
           R"("sid":"00000000-0000-0000-0000-000000000000","jti":"00000000-0000-0000-0000-000000000000",)"
           R"("role":"a","iat":1,"nbf":1,"exp":9e99})",
       }) {
    EXPECT_EQ(refusal(signed_by_us(header, payload)), token_refusal::malformed) << payload;
  }
}

}  // namespace
}  // namespace nxg::utilities
