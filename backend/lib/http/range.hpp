#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

/// Which part of a resource a caller asks for (RFC 9110, 14).
namespace nxg::http {

/// Octets `first` to `first + length - 1`; at least one.
struct octet_range {
  std::uint64_t first = 0;
  std::uint64_t length = 0;
};

struct whole_resource {};
/// 416.
struct beyond_resource {};

/// What `Range` asks of a resource of `size` octets with the strong tag `tag`; `if_range` is the value of that header.
/// One range of octets is served; several, another unit or what makes no sense is ignored, as the RFC wants it.
[[nodiscard]] std::variant<whole_resource, octet_range, beyond_resource> asked_range(
    std::optional<std::string_view> range, std::optional<std::string_view> if_range, std::uint64_t size,
    std::string_view tag) noexcept;

}  // namespace nxg::http
