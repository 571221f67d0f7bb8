#include "socketio/websocket_handshake.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace nxg::socketio::websocket {

namespace {

constexpr std::size_t key_length = 24;  // 16 bytes in base64

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view trimmed(std::string_view text) noexcept {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// What characters may be part of. By table: every head of a request is gone through with these.
constexpr std::uint8_t token_char = 1;
constexpr std::uint8_t field_char = 2;

constexpr std::array<std::uint8_t, 256> make_kinds() {
  std::array<std::uint8_t, 256> kinds{};
  for (unsigned c = 0x20; c < 256; ++c) kinds[c] = c == 0x7f ? 0 : field_char;
  kinds['\t'] = field_char;
  for (unsigned char c = 'a'; c <= 'z'; ++c) kinds[c] |= token_char;
  for (unsigned char c = 'A'; c <= 'Z'; ++c) kinds[c] |= token_char;
  for (unsigned char c = '0'; c <= '9'; ++c) kinds[c] |= token_char;
  for (const char c : std::string_view{"!#$%&'*+-.^_`|~"}) kinds[static_cast<unsigned char>(c)] |= token_char;
  return kinds;
}

constexpr auto kinds = make_kinds();

bool all_are(std::string_view text, std::uint8_t kind) noexcept {
  std::uint8_t common = kind;
  for (const char c : text) common &= kinds[static_cast<unsigned char>(c)];
  return common != 0;
}

bool is_token(std::string_view text) noexcept { return !text.empty() && all_are(text, token_char); }
bool is_field_text(std::string_view text) noexcept { return all_are(text, field_char); }

bool is_key(std::string_view key) noexcept {
  return key.size() == key_length && key.ends_with("==") &&
         std::ranges::all_of(key.substr(0, key_length - 2), [](char c) {
           return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
         });
}

std::string_view status_text(unsigned status) noexcept {
  switch (status) {
    case 400: return "Bad Request";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 426: return "Upgrade Required";
    case 503: return "Service Unavailable";
    default: return "Error";
  }
}

}  // namespace

bool same_text(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view find_header(const header_list& headers, std::string_view name) noexcept {
  const auto it = std::ranges::find_if(headers, [name](const auto& one) { return same_text(one.first, name); });
  return it == headers.end() ? std::string_view{} : std::string_view{it->second};
}

bool lists(const header_list& headers, std::string_view name, std::string_view token) {
  for (const auto& [key, value] : headers) {
    if (!same_text(key, name)) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const auto comma = std::min(rest.find(','), rest.size());
      if (same_text(trimmed(rest.substr(0, comma)), token)) return true;
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return false;
}

std::optional<refusal> check_request(std::string_view method, const header_list& headers) {
  if (method != "GET") return refusal{.status = 400, .body = "a WebSocket handshake is a GET request"};
  if (!lists(headers, "upgrade", "websocket") || !lists(headers, "connection", "upgrade")) {
    return refusal{.status = 400, .body = "the request asks for no upgrade to WebSocket"};
  }
  if (find_header(headers, "sec-websocket-version") != "13") {
    return refusal{.status = 426, .body = "only WebSocket version 13 is spoken here"};
  }
  if (!is_key(find_header(headers, "sec-websocket-key"))) {
    return refusal{.status = 400, .body = "Sec-WebSocket-Key must be 16 bytes in base64"};
  }
  return std::nullopt;
}

std::string base64(std::string_view bytes) {
  std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(length));
  return out;
}

std::string accept_key(std::string_view key) {
  const std::string text = std::string{key} + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha1(), nullptr);
  return base64({reinterpret_cast<const char*>(digest.data()), length});
}

std::string switching_response(std::string_view key, const header_list& extra) {
  std::string out =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
      accept_key(key) + "\r\n";
  for (const auto& [name, value] : extra) out.append(name).append(": ").append(value).append("\r\n");
  return out + "\r\n";
}

std::string refusal_response(const refusal& why) {
  std::string out = "HTTP/1.1 " + std::to_string(why.status) + ' ';
  out += status_text(why.status);
  out.append("\r\nConnection: close\r\nContent-Type: ").append(why.content_type);
  out += "\r\nContent-Length: " + std::to_string(why.body.size()) + "\r\n";
  if (why.status == 426) out += "Sec-WebSocket-Version: 13\r\n";
  return out + "\r\n" + why.body;
}

namespace {

/// The line that `text` begins with, which goes past it; nothing when it has no end.
std::optional<std::string_view> take_line(std::string_view& text) noexcept {
  const auto end = text.find("\r\n");
  if (end == std::string_view::npos) return std::nullopt;
  const auto line = text.substr(0, end);
  text.remove_prefix(end + 2);
  return line;
}

bool parse_first_line(std::string_view line, http_head& into) {
  if (!is_field_text(line)) return false;
  const auto space = line.find(' ');
  if (space == 0 || space == std::string_view::npos) return false;
  const auto second = std::min(line.find(' ', space + 1), line.size());
  if (second == space + 1) return false;
  into.first = line.substr(0, space);
  into.second = line.substr(space + 1, second - space - 1);
  into.third = line.substr(std::min(second + 1, line.size()));
  return true;
}

}  // namespace

bool parse_head(std::string_view text, http_head& into) {
  const auto first = take_line(text);
  if (!first || !parse_first_line(*first, into)) return false;
  std::size_t count = 0;
  for (;;) {
    const auto line = take_line(text);
    if (!line) return false;
    if (line->empty()) break;
    const auto colon = line->find(':');
    if (colon == std::string_view::npos || !is_token(line->substr(0, colon)) || !is_field_text(*line)) return false;
    if (count == into.headers.size()) into.headers.emplace_back();
    auto& [name, value] = into.headers[count++];
    name = line->substr(0, colon);
    value = trimmed(line->substr(colon + 1));
  }
  into.headers.resize(count);
  return text.empty();
}

std::optional<http_head> parse_head(std::string_view text) {
  std::optional<http_head> head{std::in_place};
  if (!parse_head(text, *head)) head.reset();
  return head;
}

std::string client_request(std::string_view host, std::string_view target, std::string_view key,
                           const header_list& extra) {
  std::string out = "GET ";
  out.append(target).append(" HTTP/1.1\r\nHost: ").append(host);
  out += "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ";
  out.append(key).append("\r\n");
  for (const auto& [name, value] : extra) out.append(name).append(": ").append(value).append("\r\n");
  return out + "\r\n";
}

std::optional<std::string> check_response(const http_head& answer, std::string_view key) {
  if (!answer.first.starts_with("HTTP/1.")) return "the answer is not HTTP";
  if (answer.second != "101") return "the server answered " + answer.second + " " + answer.third;
  if (!lists(answer.headers, "upgrade", "websocket") || !lists(answer.headers, "connection", "upgrade")) {
    return "the server switched to something else than WebSocket";
  }
  if (find_header(answer.headers, "sec-websocket-accept") != accept_key(key)) return "the server did not read our key";
  if (!find_header(answer.headers, "sec-websocket-extensions").empty())
    return "the server chose an extension nobody offered";
  return std::nullopt;
}

}  // namespace nxg::socketio::websocket
