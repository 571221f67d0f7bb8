#include "sandbox/scs/digest.hpp"

#include "runtime/hex.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

namespace nxg::sandbox::scs {

std::string sha256_hex(std::string_view octets) {
  std::array<unsigned char, 32> digest{};
  EVP_Digest(octets.data(), octets.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  return runtime::to_hex(digest);
}

std::string hmac_sha256_hex(std::string_view key, std::string_view message) {
  std::array<unsigned char, 32> digest{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(message.data()),
       message.size(), digest.data(), &size);
  return runtime::to_hex(digest);
}

}  // namespace nxg::sandbox::scs
