#include "socketio/handshake.hpp"

#include "socketio/websocket_handshake.hpp"

#include <algorithm>

namespace nxg::socketio {

namespace {

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_encoded(std::string_view text) noexcept { return text.contains('%') || text.contains('+'); }

std::string percent_decoded(std::string_view text) {
  if (!is_encoded(text)) return std::string{text};
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

namespace {

/// The parameters of a target's query in turn, undecoded.
class query_parameters {
 public:
  explicit query_parameters(std::string_view target) noexcept
      : rest_{target.substr(std::min(target.find('?'), target.size()))} {}

  /// False at the end.
  bool next() noexcept {
    if (rest_.empty()) return false;
    rest_.remove_prefix(1);
    const auto part = rest_.substr(0, rest_.find('&'));
    rest_.remove_prefix(part.size());
    const auto equals = std::min(part.find('='), part.size());
    key_ = part.substr(0, equals);
    value_ = part.substr(std::min(equals + 1, part.size()));
    return true;
  }
  [[nodiscard]] bool is(std::string_view name) const {
    return key_ == name || (is_encoded(key_) && percent_decoded(key_) == name);
  }
  [[nodiscard]] std::string value() const { return percent_decoded(value_); }

 private:
  std::string_view rest_;  // from the character before the next one
  std::string_view key_;
  std::string_view value_;
};

}  // namespace

std::string query_parameter(std::string_view target, std::string_view name) {
  for (query_parameters each{target}; each.next();) {
    if (each.is(name)) return each.value();
  }
  return {};
}

engine_query engine_query_of(std::string_view target) {
  engine_query result;
  bool transport = false;
  bool sid = false;
  bool version = false;
  for (query_parameters each{target}; each.next();) {
    if (!transport && each.is("transport")) {
      transport = true;
      result.transport = each.value();
    } else if (!sid && each.is("sid")) {
      sid = true;
      result.sid = each.value();
    } else if (!version && each.is("EIO")) {
      version = true;
      result.version = each.value();
    }
  }
  return result;
}

std::string request_info::query(std::string_view name) const { return query_parameter(target, name); }

}  // namespace nxg::socketio
