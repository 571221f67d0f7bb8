#include "coordination/redis/script.hpp"

#include "runtime/hex.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace nxg::coordination::redis {

namespace {
std::string sha1(std::string_view text) {
  std::array<unsigned char, 20> digest{};
  if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha1(), nullptr) != 1) {
    throw std::runtime_error{"SHA-1, by which Redis names its scripts, is switched off in OpenSSL"};
  }
  return runtime::to_hex(digest);
}
}  // namespace

script::script(std::string_view lua) : text{lua}, hash{sha1(lua)} {}

}  // namespace nxg::coordination::redis
