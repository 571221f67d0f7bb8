#pragma once

#include "runtime/random.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace nxg::utilities {

/// A 256-bit key that seals small values with AES-256-GCM. Thread-safe; wiped from memory when destroyed.
///
/// Sealed form: one octet of version (1), 12 of nonce, the ciphertext, 16 of tag. Nonces are random, so one key
/// must not seal more than 2^32 values (NIST SP 800-38D, 8.3).
class sealing_key {
 public:
  static constexpr std::size_t size = 32;

  /// Throws `std::invalid_argument` unless `octets` are 32.
  explicit sealing_key(std::string_view octets);
  static sealing_key generate(runtime::random& source);
  sealing_key(const sealing_key&) = default;
  sealing_key& operator=(const sealing_key&) = default;
  ~sealing_key();

  /// `associated` is bound to the value without being stored: a value moved elsewhere does not open.
  [[nodiscard]] std::string seal(std::string_view plain, std::string_view associated, runtime::random& source) const;
  /// Nothing when the value was changed, sealed under another key, or belongs elsewhere.
  [[nodiscard]] std::optional<std::string> open(std::string_view sealed, std::string_view associated) const;

  [[nodiscard]] std::string_view octets() const noexcept {
    return {reinterpret_cast<const char*>(octets_.data()), octets_.size()};
  }

 private:
  std::array<unsigned char, size> octets_{};
};

}  // namespace nxg::utilities
