#include "objects/s3/times.hpp"

#include <chrono>
#include <ctime>
#include <string_view>

namespace nxg::objects::s3 {

namespace {

/// `rest` is what follows the part that `format` describes.
std::optional<instant> read(const std::string& text, const char* format, std::string_view& rest) {
  std::tm parts{};
  const char* end = ::strptime(text.c_str(), format, &parts);
  if (end == nullptr) return std::nullopt;
  rest = end;
  return instant{std::chrono::seconds{::timegm(&parts)}};
}

}  // namespace

std::optional<instant> read_iso_time(const std::string& text) {
  std::string_view rest;
  auto at = read(text, "%Y-%m-%dT%H:%M:%S", rest);
  if (!at || !rest.ends_with('Z')) return std::nullopt;
  rest.remove_suffix(1);
  if (rest.empty()) return at;
  if (!rest.starts_with('.')) return std::nullopt;
  int milliseconds = 0;
  for (std::size_t i = 1; i <= 3; ++i) {
    const char digit = i < rest.size() ? rest[i] : '0';
    if (digit < '0' || digit > '9') return std::nullopt;
    milliseconds = milliseconds * 10 + (digit - '0');
  }
  return *at + std::chrono::milliseconds{milliseconds};
}

std::optional<instant> read_http_time(const std::string& text) {
  std::string_view rest;
  const auto at = read(text, "%a, %d %b %Y %H:%M:%S GMT", rest);
  if (!rest.empty()) return std::nullopt;
  return at;
}

}  // namespace nxg::objects::s3
