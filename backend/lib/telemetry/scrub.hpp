#pragma once

#include <string>
#include <string_view>

namespace nxg::telemetry {

/// What stands in the place of a value that must not leave the process.
inline constexpr std::string_view redaction = "[redacted]";

/// True for the names of fields, headers and query parameters whose values must not leave the process: credentials
/// (`password`, `accessToken`, `Authorization`, `X-Api-Key`, `Set-Cookie`, …), personal data (`email`, `phone`,
/// `firstName`, `dateOfBirth`, …) and health data (`weightKg`, `heartRateBpm`, `conditions`, `allergies`, …). Case, `-`
/// and `_` do not matter.
bool is_sensitive_name(std::string_view name) noexcept;

/// Replaces what looks like a credential or an address inside a free text: `Bearer …`, `Basic …`, JSON web tokens,
/// e-mail addresses, `user:password@` in URLs and `name=value` where the name is sensitive.
std::string scrub_text(std::string_view text);

}  // namespace nxg::telemetry
