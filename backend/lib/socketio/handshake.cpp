#include "socketio/handshake.hpp"

#include "socketio/websocket_handshake.hpp"

namespace nxg::socketio {

namespace {

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_value(text[i + 1]) << 4 | hex_value(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

}  // namespace

header_block::header_block(const std::vector<std::pair<std::string, std::string>>& headers) {
  std::size_t size = 0;
  for (const auto& [name, value] : headers) size += name.size() + value.size() + 2;
  block_.reserve(size);
  for (const auto& [name, value] : headers) block_.append(name).append(1, '\0').append(value).append(1, '\0');
}

std::string_view header_block::get(std::string_view name) const noexcept {
  std::string_view rest = block_;
  const auto take = [&rest] {
    const auto end = rest.find('\0');
    const auto part = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return part;
  };
  while (!rest.empty()) {
    const auto key = take();
    const auto value = take();
    if (websocket::same_text(key, name)) return value;
  }
  return {};
}

std::string query_parameter(std::string_view target, std::string_view name) {
  const auto question = target.find('?');
  if (question == std::string_view::npos) return {};
  std::string_view rest = target.substr(question + 1);
  while (!rest.empty()) {
    const auto end = std::min(rest.find('&'), rest.size());
    const auto part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const auto equals = std::min(part.find('='), part.size());
    if (percent_decoded(part.substr(0, equals)) == name)
      return percent_decoded(part.substr(std::min(equals + 1, part.size())));
  }
  return {};
}

std::string request_info::query(std::string_view name) const { return query_parameter(target, name); }

}  // namespace nxg::socketio
