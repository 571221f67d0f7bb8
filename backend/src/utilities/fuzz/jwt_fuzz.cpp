#include "utilities/encoding.hpp"
#include "utilities/jwt.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace nxg::utilities;

const private_key& key() {
  static const auto made = private_key::generate(signature_algorithm::rs256);
  return made;
}

void must(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

// Two ways in: the text as a token, which must never be accepted, and the text as a payload signed by the right key, to
// reach what parses the claims.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto verifier = key().public_half();
  static const token_expectations expected{.issuer = "i", .audience = "a"};
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const nxg::instant now{std::chrono::seconds{1'700'000'000}};

  if (const auto kid = kid_of(text)) must(!kid->empty() && kid->size() <= 64);
  must(std::holds_alternative<token_refusal>(read_token(text, verifier, expected, now)));

  std::string token = base64url(R"({"alg":"RS256","typ":"at+jwt","kid":"k"})") + '.' + base64url(text);
  token += '.' + base64url(key().sign(token));
  const auto read = read_token(token, verifier, expected, now);
  if (const auto* claims = std::get_if<token_claims>(&read)) {
    must(claims->issuer == "i" && claims->audience == "a" && claims->expires_at > now);
  }
  return 0;
}
