#include "runtime/random.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <algorithm>
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

namespace {

void draw(std::span<std::byte> bytes) {
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) != 1) {
    throw std::runtime_error{"the system's random generator failed"};
  }
}

/// Bytes drawn ahead: a call of OpenSSL's generator costs as much for one id as for many. What is given out is wiped.
class drawn_ahead {
 public:
  void give(std::span<std::byte> bytes) {
    if (left_ < bytes.size()) {
      draw(bytes_);
      left_ = bytes_.size();
    }
    const auto given = std::span{bytes_}.subspan(left_ - bytes.size(), bytes.size());
    std::ranges::copy(given, bytes.begin());
    OPENSSL_cleanse(given.data(), given.size());
    left_ -= bytes.size();
  }

 private:
  std::array<std::byte, 4096> bytes_;
  std::size_t left_ = 0;
};

}  // namespace

void secure_random::fill(std::span<std::byte> bytes) {
  thread_local drawn_ahead ahead;
  if (bytes.size() <= 16) {
    ahead.give(bytes);
  } else {
    draw(bytes);  // keys and secrets: straight from the generator
  }
}

}  // namespace nxg::runtime
