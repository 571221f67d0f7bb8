#include "utilities/encoding.hpp"
#include "utilities/signed_code.hpp"

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

// The text as it came, and as the octets behind a well-formed text: neither may be taken for a signed code.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nxg::utilities;
  static const auto key = private_key::generate(signature_algorithm::ed25519);
  static const auto verifier = key.public_half();
  const std::string_view text{reinterpret_cast<const char*>(data), size};

  if (const auto octets = from_base32(text)) must(base32(*octets) == text);
  if (const auto octets = from_base64url(text)) must(base64url(*octets) == text);
  for (const auto& candidate : {std::string{text}, base32(text)}) {
    if (const auto code = unverified_code::parse(candidate)) must(!code->verified_by(verifier));
  }
  return 0;
}
