#include "utilities/encoding.hpp"
#include "utilities/jwt.hpp"
#include "utilities/jwt_claims.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

// Three ways in: the text as a whole token, as what stands behind a good header, and as the claims of a good signature.
// No unsigned text may ever be taken for a token, and claims that are read say what they must.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nxg::utilities;
  static const auto verifier = private_key::generate(signature_algorithm::rs256).public_half();
  static const token_expectations expected{.issuer = "i", .audience = "a"};
  static const std::string header = base64url(R"({"alg":"RS256","typ":"at+jwt","kid":"k"})") + '.';
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const nxg::instant now{std::chrono::seconds{1'700'000'000}};

  if (const auto kid = kid_of(text)) must(!kid->empty() && kid->size() <= 64);
  must(std::holds_alternative<token_refusal>(read_token(text, verifier, expected, now)));
  must(std::holds_alternative<token_refusal>(read_token(header + std::string{text}, verifier, expected, now)));
  if (const auto claims = claims_from_json(text)) {
    must(claims->scopes.size() <= nxg::utilities::max_token_scopes &&
         claims->expires_at.time_since_epoch().count() >= 0);
  }
  return 0;
}
