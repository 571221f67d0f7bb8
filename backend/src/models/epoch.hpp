#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace nxg {

/// What a machine makes at each boot: 16 random bytes, on the wire 32 hexadecimal digits. Samples are numbered
/// within one.
class epoch {
 public:
  epoch() = default;
  /// Nothing when `text` is not 32 hexadecimal digits in lower case: a machine finds its acknowledgements by the epoch
  /// as it spelled it, and they come in lower case.
  static std::optional<epoch> parse(std::string_view text) noexcept;
  /// Lower case.
  [[nodiscard]] std::string to_string() const;
  void append_to(std::string& out) const;

  friend auto operator<=>(const epoch&, const epoch&) = default;

 private:
  std::array<unsigned char, 16> bytes_{};
};

}  // namespace nxg
