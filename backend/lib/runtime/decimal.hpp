#pragma once

#include <cstddef>
#include <cstdint>

/// Numbers to and from decimal text, for where there are several in every sample. Most of them are whole or have few
/// decimals; these take a short way, all others that of the standard library, and the results are the same.
namespace nxg::runtime {

/// No number of these is written longer.
inline constexpr std::size_t longest_decimal = 32;

/// Writes to `out`, which has room for `longest_decimal`; the end of what was written.
char* write_decimal(char* out, std::int64_t value) noexcept;
/// The shortest decimal that reads back as `value`, which is finite. A whole number below 10^15 is written as one.
char* write_decimal(char* out, double value) noexcept;

/// Reads the number, as JSON has them, that begins at `at`; where it ends. Null when there is none, or none that fits.
const char* read_decimal(const char* at, const char* end, double& into) noexcept;
/// The same for a whole number, written without fraction and exponent.
const char* read_decimal(const char* at, const char* end, std::int64_t& into) noexcept;

}  // namespace nxg::runtime
