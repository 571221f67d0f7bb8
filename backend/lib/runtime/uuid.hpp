#pragma once

#include "runtime/clock.hpp"
#include "runtime/random.hpp"

#include <array>
#include <compare>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace nxg {

/// A UUID (RFC 9562); on the wire and in the store its 36 lower-case characters.
class uuid {
 public:
  static constexpr std::size_t text_size = 36;

  constexpr uuid() = default;
  constexpr explicit uuid(const std::array<unsigned char, 16>& bytes) : bytes_{bytes} {}

  /// Nothing when `text` is not 8-4-4-4-12 hexadecimal digits.
  static std::optional<uuid> parse(std::string_view text) noexcept;
  /// Version 7: ordered by time of making, to the millisecond.
  static uuid version_7(instant now, runtime::random& random);
  /// Version 8, the same for the same text: an id that a repeated operation makes again (first 122 bits of SHA-256).
  static uuid derived_from(std::string_view text);

  [[nodiscard]] std::string to_string() const;
  void append_to(std::string& out) const;
  [[nodiscard]] std::array<char, text_size> spelled() const noexcept;
  [[nodiscard]] bool is_nil() const noexcept { return *this == uuid{}; }
  [[nodiscard]] const std::array<unsigned char, 16>& bytes() const noexcept { return bytes_; }

  friend auto operator<=>(const uuid&, const uuid&) = default;

 private:
  std::array<unsigned char, 16> bytes_{};
};

}  // namespace nxg

template <>
struct std::hash<nxg::uuid> {
  std::size_t operator()(const nxg::uuid& id) const noexcept {
    return std::hash<std::string_view>{}({reinterpret_cast<const char*>(id.bytes().data()), id.bytes().size()});
  }
};
