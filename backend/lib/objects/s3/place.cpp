#include "objects/s3/place.hpp"

#include "objects/detail/percent.hpp"
#include "objects/errors.hpp"

#include <algorithm>

namespace nxg::objects::s3 {

namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool all_of(std::string_view text, std::string_view more) {
  return std::ranges::all_of(text, [&](char c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || more.find(c) != std::string_view::npos;
  });
}

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

place place::parse(std::string_view endpoint, const std::string& setting) {
  const auto require = [&](bool good, const char* what) {
    if (!good) throw unusable{setting + ": '" + std::string{endpoint} + "': " + what};
  };
  std::string text{endpoint};
  const auto after_scheme = text.find("://");
  require(after_scheme != std::string::npos, "an endpoint is https://host, also with a port and a path");
  std::transform(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(after_scheme), text.begin(), lower);
  const std::string scheme = text.substr(0, after_scheme);
  require(scheme == "https" || scheme == "http", "the scheme is neither https nor http");

  std::string_view rest = std::string_view{text}.substr(after_scheme + 3);
  const auto slash = std::min(rest.find('/'), rest.size());
  std::string authority{rest.substr(0, slash)};
  std::string_view path = rest.substr(slash);
  while (path.ends_with('/')) path.remove_suffix(1);
  require(
      all_of(path, "/-._~") && path.find("/.") == std::string_view::npos && path.find("//") == std::string_view::npos,
      "the path is not plain");
  std::ranges::transform(authority, authority.begin(), lower);

  const auto colon =
      authority.find(':', authority.starts_with('[') ? std::min(authority.find(']'), authority.size()) : 0);
  std::string_view host = std::string_view{authority}.substr(0, colon);
  const bool bracketed = host.starts_with('[') && host.ends_with(']') && host.size() > 2;
  require(bracketed ? all_of(host.substr(1, host.size() - 2), ":.") : !host.empty() && all_of(host, "-._"),
          "there is no plain host");
  if (colon != std::string::npos) {
    const std::string port = authority.substr(colon + 1);
    require(is_port(port), "the port is no number");
    if (port == (scheme == "https" ? "443" : "80")) authority.resize(colon);
  }
  return {scheme + "://" + authority, authority, std::string{path}};
}

std::string place::path_of(std::string_view bucket, std::string_view key) const {
  std::string all = path + "/" + std::string{bucket};
  if (!key.empty()) all += "/" + detail::percent_encoded_path(key);
  return all;
}

}  // namespace nxg::objects::s3
