#include "objects/folder_urls.hpp"

#include "objects/detail/digest.hpp"
#include "objects/detail/percent.hpp"
#include "objects/detail/rules.hpp"

#include <charconv>
#include <chrono>
#include <utility>

namespace nxg::objects {

namespace {

constexpr std::string_view signature_field = "&signature=";

/// Also says what is signed, so that the secret may sign other things elsewhere.
std::string signature_of(std::string_view secret, std::string_view text) {
  return detail::base64url(detail::hmac_sha256(secret, "nxg-objects-url-1\n" + std::string{text}));
}

/// Takes `name=value` off the front of a query; the value is decoded.
std::optional<std::string> take(std::string_view& query, std::string_view name) {
  if (!query.starts_with(name) || !query.substr(name.size()).starts_with('=')) return std::nullopt;
  query.remove_prefix(name.size() + 1);
  const auto end = std::min(query.find('&'), query.size());
  auto value = detail::percent_decoded(query.substr(0, end));
  query.remove_prefix(std::min(end + 1, query.size()));
  return value;
}

template <class Number>
bool read(const std::optional<std::string>& text, Number& value) {
  if (!text || text->empty()) return false;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  return error == std::errc{} && end == text->data() + text->size();
}

/// What `sign_folder_url` wrote, and nothing else, can come here: it was signed.
std::optional<url_permission> read_permission(std::string_view method, std::string_view text) {
  const auto question = text.find('?');
  if (question == std::string_view::npos) return std::nullopt;
  auto key = detail::percent_decoded(text.substr(0, question));
  std::string_view query = text.substr(question + 1);
  const auto signed_method = take(query, "method");
  std::int64_t seconds = 0;
  if (!key || !detail::is_key(*key) || !read(take(query, "expires"), seconds)) return std::nullopt;
  url_permission what{.key = std::move(*key)};
  what.expires = instant{std::chrono::seconds{seconds}};
  if (signed_method == "GET" && (method == "GET" || method == "HEAD")) {
    const auto name = take(query, "name");
    if (!name) return std::nullopt;
    what.file_name = *name;
    return what;
  }
  const auto type = take(query, "type");
  if (signed_method != "PUT" || method != "PUT" || !type || !read(take(query, "size"), what.size)) return std::nullopt;
  what.content_type = *type;
  return what;
}

}  // namespace

std::string sign_folder_url(std::string_view url_secret, std::string_view method, const url_permission& what) {
  const auto expires = std::chrono::duration_cast<std::chrono::seconds>(what.expires.time_since_epoch()).count();
  std::string text =
      detail::percent_encoded_path(what.key) + "?method=" + std::string{method} + "&expires=" + std::to_string(expires);
  if (method == "PUT") {
    text += "&type=" + detail::percent_encoded(what.content_type) + "&size=" + std::to_string(what.size);
  } else {
    text += "&name=" + detail::percent_encoded(what.file_name);
  }
  return text + std::string{signature_field} + signature_of(url_secret, text);
}

std::variant<url_permission, url_refusal> verify_folder_url(std::string_view url_secret, std::string_view method,
                                                            std::string_view target, instant now) {
  const auto at = target.rfind(signature_field);
  if (url_secret.empty() || at == std::string_view::npos) return url_refusal::not_ours;
  const std::string_view text = target.substr(0, at);
  const std::string_view signature = target.substr(at + signature_field.size());
  if (!detail::equal_in_constant_time(signature, signature_of(url_secret, text))) return url_refusal::not_ours;
  auto what = read_permission(method, text);
  if (!what) return url_refusal::not_ours;
  if (now >= what->expires) return url_refusal::expired;
  return std::move(*what);
}

}  // namespace nxg::objects
