#include "runtime/random.hpp"

#include <openssl/rand.h>

#include <array>
#include <cstring>
#include <stdexcept>

namespace nxg::runtime {

namespace {
std::uint64_t next(random& source) {
  std::array<std::byte, sizeof(std::uint64_t)> bytes;
  source.fill(bytes);
  std::uint64_t value = 0;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}
}  // namespace

std::uint64_t random::below(std::uint64_t bound) {
  // Values above the last whole multiple of `bound` are drawn again: no remainder is more likely than another.
  const std::uint64_t limit = UINT64_MAX - UINT64_MAX % bound;
  std::uint64_t value = next(*this);
  while (value >= limit) value = next(*this);
  return value % bound;
}

double random::unit() { return static_cast<double>(next(*this) >> 11) * 0x1.0p-53; }

void secure_random::fill(std::span<std::byte> bytes) {
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) != 1) {
    throw std::runtime_error{"the system's random generator failed"};
  }
}

}  // namespace nxg::runtime
