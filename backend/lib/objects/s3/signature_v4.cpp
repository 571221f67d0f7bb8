#include "objects/s3/signature_v4.hpp"

#include "objects/detail/digest.hpp"
#include "objects/detail/percent.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nxg::objects::s3 {

namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

std::string lowered(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return result;
}

/// Without spaces at the ends, and one for several between words.
std::string trimmed(std::string_view value) {
  std::string result;
  for (const char c : value) {
    if (c != ' ' && c != '\t') {
      result += c;
    } else if (!result.empty() && result.back() != ' ') {
      result += ' ';
    }
  }
  if (result.ends_with(' ')) result.pop_back();
  return result;
}

/// Names in lower case and in order; values of one name are joined in the order in which they came.
pairs canonical_headers(const pairs& headers) {
  pairs all;
  for (const auto& [name, value] : headers) all.emplace_back(lowered(name), trimmed(value));
  std::ranges::stable_sort(all, {}, &std::pair<std::string, std::string>::first);
  pairs joined;
  for (auto& [name, value] : all) {
    if (!joined.empty() && joined.back().first == name) {
      joined.back().second += ',' + value;
    } else {
      joined.emplace_back(std::move(name), std::move(value));
    }
  }
  return joined;
}

std::string scope_of(const v4_key& by, std::string_view date) {
  return fmt::format("{}/{}/{}/aws4_request", date, by.region, by.service);
}

std::string signing_key(const v4_key& by, std::string_view date) {
  using detail::hmac_sha256;
  const auto of_date = hmac_sha256("AWS4" + by.secret_access_key, date);
  return hmac_sha256(hmac_sha256(hmac_sha256(of_date, by.region), by.service), "aws4_request");
}

}  // namespace

std::string query_text(const pairs& query) {
  pairs encoded;
  for (const auto& [name, value] : query)
    encoded.emplace_back(detail::percent_encoded(name), detail::percent_encoded(value));
  std::ranges::sort(encoded);
  std::string text;
  for (const auto& [name, value] : encoded) text += (text.empty() ? "" : "&") + name + "=" + value;
  return text;
}

std::string v4_time(instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(at - day)};
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", int{date.year()}, unsigned{date.month()}, unsigned{date.day()},
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

v4_signature sign_v4(const v4_key& by, const v4_request& what, instant at) {
  const std::string time = v4_time(at);
  const std::string date = time.substr(0, 8);
  v4_signature made;
  made.scope = scope_of(by, date);
  std::string headers;
  for (const auto& [name, value] : canonical_headers(what.headers)) {
    headers += name + ":" + value + "\n";
    made.signed_headers += (made.signed_headers.empty() ? "" : ";") + name;
  }
  made.canonical_request = fmt::format("{}\n{}\n{}\n{}\n{}\n{}", what.method, what.path, query_text(what.query),
                                       headers, made.signed_headers, what.payload_hash);
  made.string_to_sign =
      fmt::format("{}\n{}\n{}\n{}", algorithm, time, made.scope, detail::hex(detail::sha256(made.canonical_request)));
  made.signature = detail::hex(detail::hmac_sha256(signing_key(by, date), made.string_to_sign));
  return made;
}

void authorize_v4(const v4_key& by, v4_request& what, instant at) {
  what.headers.emplace_back("x-amz-date", v4_time(at));
  if (!by.session_token.empty()) what.headers.emplace_back("x-amz-security-token", by.session_token);
  const auto made = sign_v4(by, what, at);
  what.headers.emplace_back(
      "authorization", fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", algorithm, by.access_key_id,
                                   made.scope, made.signed_headers, made.signature));
}

std::string presign_v4(const v4_key& by, v4_request what, instant at, std::chrono::seconds valid) {
  const std::string time = v4_time(at);
  std::string signed_headers;
  for (const auto& [name, value] : canonical_headers(what.headers))
    signed_headers += (signed_headers.empty() ? "" : ";") + name;
  what.query.emplace_back("X-Amz-Algorithm", algorithm);
  what.query.emplace_back("X-Amz-Credential", by.access_key_id + "/" + scope_of(by, time.substr(0, 8)));
  what.query.emplace_back("X-Amz-Date", time);
  what.query.emplace_back("X-Amz-Expires", std::to_string(valid.count()));
  what.query.emplace_back("X-Amz-SignedHeaders", signed_headers);
  if (!by.session_token.empty()) what.query.emplace_back("X-Amz-Security-Token", by.session_token);
  what.payload_hash = unsigned_payload;
  return query_text(what.query) + "&X-Amz-Signature=" + sign_v4(by, what, at).signature;
}

}  // namespace nxg::objects::s3
