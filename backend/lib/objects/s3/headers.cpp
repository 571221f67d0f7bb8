#include "objects/s3/headers.hpp"

#include "objects/s3/times.hpp"
#include "objects/s3/xml.hpp"

#include <charconv>
#include <string>

namespace nxg::objects::s3 {

namespace {

constexpr std::string_view of_metadata = "x-amz-meta-";

std::string text_of(const http::client_response& answer, std::string_view name) {
  return std::string{answer.header(name).value_or("")};
}

/// A number, and what must follow it.
bool take(std::string_view& text, std::uint64_t& number, std::string_view end) {
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
  if (error != std::errc{} || !text.starts_with(end)) return false;
  text.remove_prefix(end.size());
  return true;
}

}  // namespace

pairs headers_of(const s3_encryption& encryption) {
  pairs all;
  if (!encryption.algorithm.empty()) all.emplace_back("x-amz-server-side-encryption", encryption.algorithm);
  if (!encryption.kms_key_id.empty())
    all.emplace_back("x-amz-server-side-encryption-aws-kms-key-id", encryption.kms_key_id);
  return all;
}

pairs headers_of(const put_options& how, const s3_encryption& encryption) {
  pairs all = headers_of(encryption);
  all.emplace_back("content-type", how.content_type);
  if (!how.cache_control.empty()) all.emplace_back("cache-control", how.cache_control);
  for (const auto& [name, value] : how.metadata) all.emplace_back(std::string{of_metadata} + name, value);
  return all;
}

object_info info_from(const http::client_response& answer) {
  object_info info;
  info.etag = bare_etag(text_of(answer, "etag"));
  info.modified = read_http_time(text_of(answer, "last-modified")).value_or(instant{});
  info.content_type = text_of(answer, "content-type");
  info.cache_control = text_of(answer, "cache-control");
  info.encryption = text_of(answer, "x-amz-server-side-encryption");
  for (const auto& [name, value] : answer.headers) {
    if (name.starts_with(of_metadata)) info.metadata.emplace(name.substr(of_metadata.size()), value);
  }
  return info;
}

std::optional<content_range> read_content_range(std::string_view text) {
  constexpr std::string_view unit = "bytes ";
  content_range range;
  if (!text.starts_with(unit)) return std::nullopt;
  text.remove_prefix(unit.size());
  if (!take(text, range.first, "-") || !take(text, range.last, "/") || !take(text, range.total, "") || !text.empty())
    return std::nullopt;
  return range;
}

}  // namespace nxg::objects::s3
