#include "http/message.hpp"

#include "http/detail/characters.hpp"
#include "schema/text.hpp"

#include <algorithm>
#include <array>

namespace nxg::http {

namespace {
constexpr std::array<std::string_view, 7> verb_names{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

[[noreturn]] void refuse_query() {
  throw problem{protocol_error::malformed_request, "The query has a bad escape or is not UTF-8."};
}
}  // namespace

std::string_view to_string(verb method) noexcept { return verb_names[static_cast<std::size_t>(method)]; }

std::optional<verb> parse_verb(std::string_view method) noexcept {
  const auto found = std::ranges::find(verb_names, method);
  if (found == verb_names.end()) return std::nullopt;
  return static_cast<verb>(found - verb_names.begin());
}

std::vector<parameter> request::query_parameters() const {
  std::vector<parameter> decoded;
  std::string_view rest = query;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const auto pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    auto name = percent_decode(pair.substr(0, equals), true);
    auto value = percent_decode(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name || !value) refuse_query();
    decoded.push_back({std::move(*name), std::move(*value)});
  }
  return decoded;
}

std::optional<std::string_view> request::path_parameter(std::string_view name) const noexcept {
  const auto found = std::ranges::find(path_parameters, name, &parameter::name);
  if (found == path_parameters.end()) return std::nullopt;
  return found->value;
}

response make_response(int status, std::string_view content_type, std::string body) {
  response made;
  made.status = status;
  made.headers.add("Content-Type", content_type);
  made.body = std::move(body);
  return made;
}

response to_response(const problem& error, const request& to) {
  auto answer = make_response(
      error.status(), "application/problem+json",
      to_json(error, to.path, to.id.is_nil() ? std::string{} : to.id.to_string(),
              to.trace == telemetry::trace_context{} ? std::string{} : telemetry::trace_id_text(to.trace)));
  for (std::size_t i = 0; i < error.headers().size(); ++i) {
    const auto one = error.headers()[i];
    answer.headers.set(one.name, one.value);
  }
  answer.headers.set("Cache-Control", "no-store");
  answer.code = error.code();
  return answer;
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+' && plus_is_space) {
      c = ' ';
    } else if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = detail::hex_value(text[i + 1]);
      const int low = detail::hex_value(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (c == '\0') return std::nullopt;
    decoded += c;
  }
  if (!schema::is_utf8(decoded)) return std::nullopt;
  return decoded;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (detail::unreserved_characters[octet]) {
      encoded += c;
    } else {
      encoded += '%';
      encoded += digits[octet >> 4];
      encoded += digits[octet & 15];
    }
  }
  return encoded;
}

}  // namespace nxg::http
