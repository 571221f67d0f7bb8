#include "objects/detail/rules.hpp"

#include <algorithm>
#include <cstddef>
#include <string>

namespace nxg::objects::detail {

namespace {

constexpr std::size_t longest_key = 900;
constexpr std::size_t longest_segment = 200;
constexpr std::size_t longest_header = 1'024;

[[noreturn]] void refuse(const std::string& why) { throw error{failure::invalid, why}; }

/// How many octets the character at the front takes; 0: it is none that may stand in a key.
std::size_t character(std::string_view text) noexcept {
  const auto octet = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
  const unsigned first = octet(0);
  if (first < 0x80) return first >= 0x20 && first != 0x7f && first != '\\' && first != '%' ? 1 : 0;
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (size == 0 || size > text.size() || first > 0xf4) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((octet(i) & 0xc0U) != 0x80) return 0;
  }
  const bool overlong = (first == 0xe0 && octet(1) < 0xa0) || (first == 0xf0 && octet(1) < 0x90);
  const bool beyond = (first == 0xed && octet(1) >= 0xa0) || (first == 0xf4 && octet(1) >= 0x90);
  const bool control = first == 0xc2 && octet(1) < 0xa0;
  return overlong || beyond || control ? 0 : size;
}

bool is_text(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t size = character(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

bool is_segment(std::string_view text) noexcept {
  return !text.empty() && text.size() <= longest_segment && text != "." && text != "..";
}

/// True where all segments but the last are good ones; `last` is that one.
bool take_folders(std::string_view text, std::string_view& last) noexcept {
  for (auto slash = text.find('/'); slash != std::string_view::npos; slash = text.find('/')) {
    if (!is_segment(text.substr(0, slash))) return false;
    text.remove_prefix(slash + 1);
  }
  last = text;
  return true;
}

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; });
}

void require_metadata(const metadata& all) {
  std::size_t size = 0;
  for (const auto& [name, value] : all) {
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    if (name.empty() || name.size() > 64 || !std::ranges::all_of(name, fits)) refuse("a name of metadata is wrong");
    if (value.empty()) refuse("the metadata " + name + " is empty");
    require_header(name, value);
    size += name.size() + value.size();
  }
  if (size > max_metadata_bytes) refuse("there is too much metadata");
}

}  // namespace

bool is_key(std::string_view text) noexcept {
  std::string_view last;
  return text.size() <= longest_key && is_text(text) && take_folders(text, last) && is_segment(last);
}

void require_key(std::string_view key) {
  if (!is_key(key)) refuse("that is no key of an object");
}

void require_prefix(std::string_view prefix) {
  std::string_view last;
  const bool good = prefix.size() <= longest_key && is_text(prefix) && take_folders(prefix, last);
  if (!good || last.size() > longest_segment) refuse("no key of an object begins like that");
}

void require_header(std::string_view name, std::string_view value) {
  const bool spaced = !value.empty() && (value.front() == ' ' || value.back() == ' ');
  if (value.size() > longest_header || spaced || !is_printable(value))
    refuse("the value of " + std::string{name} + " is wrong");
}

void require_content_type(std::string_view value) {
  if (value.empty()) refuse("there is no content type");
  require_header("content_type", value);
}

void require_file_name(std::string_view name) {
  if (name.size() > longest_segment || !is_text(name) || name.find_first_of("/\"") != std::string_view::npos)
    refuse("that is no name of a file");
}

void require_life(std::chrono::seconds valid) {
  if (valid.count() < 1 || valid > max_url_life) refuse("a URL is valid for 1 s to 7 days");
}

void require(const put_options& how) {
  require_content_type(how.content_type);
  require_header("cache_control", how.cache_control);
  require_metadata(how.metadata);
}

}  // namespace nxg::objects::detail
