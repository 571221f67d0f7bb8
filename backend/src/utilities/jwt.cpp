#include "utilities/jwt.hpp"

#include "utilities/encoding.hpp"
#include "utilities/jwt_claims.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace nxg::utilities {

namespace {

namespace json = boost::json;

constexpr std::string_view header_start = R"({"alg":"RS256","typ":"at+jwt","kid":")";
constexpr std::string_view header_end = R"("})";

bool is_kid(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

struct parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  std::string_view signed_text;
};

std::optional<parts> split(std::string_view token) {
  if (token.size() > max_token_size) return std::nullopt;
  const auto first = token.find('.');
  if (first == token.npos) return std::nullopt;
  const auto second = token.find('.', first + 1);
  if (second == token.npos || token.find('.', second + 1) != token.npos) return std::nullopt;
  return parts{token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1),
               token.substr(0, second)};
}

std::int64_t seconds_of(instant when) {
  return std::chrono::floor<std::chrono::seconds>(when).time_since_epoch().count();
}

std::optional<std::string> text_at(const json::object& claims, std::string_view name) {
  const auto* value = claims.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string{value->get_string()};
}

std::optional<uuid> id_at(const json::object& claims, std::string_view name) {
  const auto* value = claims.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return uuid::parse(value->get_string());
}

std::optional<instant> time_at(const json::object& claims, std::string_view name) {
  constexpr std::int64_t year_3000 = 32'503'680'000;
  const auto* value = claims.if_contains(name);
  if (value == nullptr || !value->is_int64() || value->get_int64() < 0 || value->get_int64() > year_3000) {
    return std::nullopt;
  }
  return instant{std::chrono::seconds{value->get_int64()}};
}

std::optional<std::vector<uuid>> scopes_of(const json::object& claims) {
  std::vector<uuid> scopes;
  const auto* value = claims.if_contains("scopes");
  if (value == nullptr) return scopes;
  if (!value->is_array() || value->get_array().size() > max_token_scopes) return std::nullopt;
  for (const auto& item : value->get_array()) {
    const auto id = item.is_string() ? uuid::parse(item.get_string()) : std::nullopt;
    if (!id) return std::nullopt;
    scopes.push_back(*id);
  }
  return scopes;
}

}  // namespace

std::optional<token_claims> claims_from_json(std::string_view text) {
  boost::system::error_code error;
  json::parse_options strict;
  strict.max_depth = 4;
  const auto parsed = json::parse(text, error, {}, strict);
  if (error || !parsed.is_object()) return std::nullopt;
  const auto& fields = parsed.get_object();

  auto issuer = text_at(fields, "iss");
  auto audience = text_at(fields, "aud");
  auto role = text_at(fields, "role");
  const auto subject = id_at(fields, "sub");
  const auto session = id_at(fields, "sid");
  const auto token_id = id_at(fields, "jti");
  const auto issued_at = time_at(fields, "iat");
  const auto not_before = time_at(fields, "nbf");
  const auto expires_at = time_at(fields, "exp");
  auto scopes = scopes_of(fields);
  if (!issuer || !audience || !role || !subject || !session || !token_id || !issued_at || !not_before || !expires_at ||
      !scopes) {
    return std::nullopt;
  }
  return token_claims{std::move(*issuer), std::move(*audience), *subject,   *session,    *token_id,
                      std::move(*role),   std::move(*scopes),   *issued_at, *not_before, *expires_at};
}

std::string write_token(const token_claims& claims, std::string_view kid, const private_key& key) {
  if (!is_kid(kid)) throw std::invalid_argument{"a key id holds 1 to 64 letters, digits, '-' and '_'"};
  if (claims.scopes.size() > max_token_scopes) throw std::invalid_argument{"a token holds at most 100 scopes"};
  if (key.algorithm() != signature_algorithm::rs256) throw std::invalid_argument{"tokens are signed with RSA keys"};
  json::object fields{
      {"iss", claims.issuer},
      {"aud", claims.audience},
      {"sub", claims.subject.to_string()},
      {"sid", claims.session.to_string()},
      {"jti", claims.token_id.to_string()},
      {"role", claims.role},
      {"iat", seconds_of(claims.issued_at)},
      {"nbf", seconds_of(claims.not_before)},
      {"exp", seconds_of(claims.expires_at)},
  };
  if (!claims.scopes.empty()) {
    json::array scopes;
    for (const auto& scope : claims.scopes) scopes.emplace_back(scope.to_string());
    fields["scopes"] = std::move(scopes);
  }
  std::string header{header_start};
  header += kid;
  header += header_end;
  std::string token = base64url(header) + '.' + base64url(json::serialize(fields));
  const auto signature = key.sign(token);
  return token + '.' + base64url(signature);
}

std::optional<std::string> kid_of(std::string_view token) {
  const auto pieces = split(token);
  if (!pieces) return std::nullopt;
  const auto header = from_base64url(pieces->header);
  if (!header || !header->starts_with(header_start) || !header->ends_with(header_end) ||
      header->size() < header_start.size() + header_end.size()) {
    return std::nullopt;
  }
  auto kid = header->substr(header_start.size(), header->size() - header_start.size() - header_end.size());
  if (!is_kid(kid)) return std::nullopt;
  return kid;
}

std::variant<token_claims, token_refusal> read_token(std::string_view token, const public_key& key,
                                                     const token_expectations& expected, instant now) {
  const auto pieces = split(token);
  if (!pieces || !kid_of(token)) return token_refusal::malformed;
  const auto signature = from_base64url(pieces->signature);
  if (!signature) return token_refusal::malformed;
  if (key.algorithm() != signature_algorithm::rs256 || !key.verifies(pieces->signed_text, *signature)) {
    return token_refusal::bad_signature;
  }
  const auto payload = from_base64url(pieces->payload);
  auto claims = payload ? claims_from_json(*payload) : std::nullopt;
  if (!claims) return token_refusal::malformed;
  if (claims->issuer != expected.issuer) return token_refusal::wrong_issuer;
  if (claims->audience != expected.audience) return token_refusal::wrong_audience;
  if (claims->not_before > now + expected.skew || claims->issued_at > now + expected.skew) {
    return token_refusal::not_yet_valid;
  }
  if (claims->expires_at <= now) return token_refusal::expired;
  return *std::move(claims);
}

}  // namespace nxg::utilities
