#pragma once

#include <bit>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace nxg::runtime {

/// Whether a string of JSON cannot hold the character as it is: quote, backslash, control characters.
constexpr bool is_json_special(char c) noexcept {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

/// The first special character in [at, end), else `end`. Looks at many bytes at once, as most text has none.
inline const char* find_json_special(const char* at, const char* end) noexcept {
#ifdef __SSE2__
  const auto all = [](char c) { return _mm_set1_epi8(c); };
  for (; end - at >= 16; at += 16) {
    const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const auto control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, all(0x1f)), bytes);
    const auto special =
        _mm_or_si128(control, _mm_or_si128(_mm_cmpeq_epi8(bytes, all('"')), _mm_cmpeq_epi8(bytes, all('\\'))));
    const auto which = static_cast<unsigned>(_mm_movemask_epi8(special));
    if (which != 0) return at + std::countr_zero(which);
  }
#endif
  while (at != end && !is_json_special(*at)) ++at;
  return at;
}

}  // namespace nxg::runtime
