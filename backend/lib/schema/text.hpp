#pragma once

#include "runtime/clock.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// The spelled forms of values, shared by JSON, fields and stores.
namespace nxg::schema {

/// Whether `text` is well-formed UTF-8 (no surrogates, no overlong forms).
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;
/// Code points of well-formed UTF-8.
[[nodiscard]] std::size_t count_code_points(std::string_view text) noexcept;

/// The same text with U+FFFD in place of each byte that is no UTF-8.
[[nodiscard]] std::string replace_bad_utf8(std::string_view text);

/// RFC 3339 in UTC with milliseconds, "2026-02-28T09:30:00.000Z"; for years 0000 to 9999; else throws `unwritable`.
[[nodiscard]] std::string to_rfc3339(instant when);
void append_rfc3339(std::string& out, instant when);
/// Throws `unwritable` where `to_rfc3339` would.
void require_writable(instant when);
/// Reads RFC 3339 with any offset and up to nine digits of a second (cut to milliseconds). No leap seconds.
[[nodiscard]] std::optional<instant> parse_rfc3339(std::string_view text) noexcept;

/// "2026-02-28". Throws `unwritable` for a date that does not exist or is outside years 0000 to 9999.
[[nodiscard]] std::string to_iso_date(std::chrono::year_month_day date);
/// Only dates that exist.
[[nodiscard]] std::optional<std::chrono::year_month_day> parse_iso_date(std::string_view text) noexcept;

/// RFC 4648 section 5, without padding.
[[nodiscard]] std::string to_base64url(std::string_view octets);
/// Refuses padding, other characters, and trailing bits that are not zero: one spelling per value.
[[nodiscard]] std::optional<std::string> parse_base64url(std::string_view text);

namespace detail {
/// Lower-cases hexadecimal digits; false when there is anything else.
[[nodiscard]] bool lower_hex(std::string& text) noexcept;
}  // namespace detail

}  // namespace nxg::schema
