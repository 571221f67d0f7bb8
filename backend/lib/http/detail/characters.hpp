#pragma once

#include <algorithm>
#include <array>
#include <string_view>

/// The character classes of RFC 9110 and 9112.
namespace nxg::http::detail {

using character_class = std::array<bool, 256>;

constexpr character_class make_class(std::string_view others, bool letters_and_digits) {
  character_class made{};
  for (const char c : others) made[static_cast<unsigned char>(c)] = true;
  if (letters_and_digits) {
    for (unsigned c = '0'; c <= '9'; ++c) made[c] = true;
    for (unsigned c = 'a'; c <= 'z'; ++c) made[c] = true;
    for (unsigned c = 'A'; c <= 'Z'; ++c) made[c] = true;
  }
  return made;
}

constexpr character_class make_field_characters() {
  character_class made{};
  made['\t'] = true;
  for (unsigned c = 0x20; c < 256; ++c) made[c] = c != 0x7f;
  return made;
}

/// Visible ASCII that may stand in a request target; '#' starts a fragment, which is never sent.
constexpr character_class make_target_characters() {
  character_class made{};
  for (unsigned c = 0x21; c < 0x7f; ++c) made[c] = true;
  for (const char c : {'#', '"', '<', '>', '\\', '^', '`', '{', '|', '}'}) made[static_cast<unsigned char>(c)] = false;
  return made;
}

inline constexpr auto token_characters = make_class("!#$%&'*+-.^_`|~", true);
inline constexpr auto host_characters = make_class("-._~%!$&'()*+,;=[]:", true);
inline constexpr auto unreserved_characters = make_class("-._~", true);
inline constexpr auto field_characters = make_field_characters();
inline constexpr auto target_characters = make_target_characters();

constexpr bool all_of(std::string_view text, const character_class& allowed) noexcept {
  return std::ranges::all_of(text, [&](char c) { return allowed[static_cast<unsigned char>(c)]; });
}

constexpr bool is_token(std::string_view text) noexcept { return !text.empty() && all_of(text, token_characters); }
constexpr bool is_field_value(std::string_view text) noexcept { return all_of(text, field_characters); }

constexpr char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

/// -1 for what is no hexadecimal digit.
constexpr int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  c = lower(c);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace nxg::http::detail
