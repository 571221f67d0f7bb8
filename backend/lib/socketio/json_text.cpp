#include "socketio/json_text.hpp"

#include "runtime/json_special.hpp"

#include <charconv>

namespace nxg::socketio::json_text {

namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

int hex_value(char c) noexcept {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Walks over one text and says where it stops being JSON.
class scanner {
 public:
  scanner(std::string_view text, const rules& by) : text_{text}, rules_{by} {}

  bool value() { return value(0); }
  bool array(std::vector<span>* found) { return array(0, found); }
  void skip_space() noexcept {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t'))
      ++at_;
  }
  [[nodiscard]] bool at_end() const noexcept { return at_ == text_.size(); }
  [[nodiscard]] char peek() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }
  [[nodiscard]] std::size_t position() const noexcept { return at_; }
  bool take(char c) noexcept {
    if (peek() != c || at_end()) return false;
    ++at_;
    return true;
  }

  bool string() noexcept {
    if (!take('"')) return false;
    for (;;) {
      const char* const special = runtime::find_json_special(text_.data() + at_, text_.data() + text_.size());
      at_ = static_cast<std::size_t>(special - text_.data());
      if (take('"')) return true;
      if (!take('\\') || !escape()) return false;
    }
  }

 private:
  bool value(std::size_t depth) {
    switch (peek()) {
      case '{': return object(depth);
      case '[': return array(depth, nullptr);
      case '"': return string();
      case 't': return word("true");
      case 'f': return word("false");
      case 'n': return word("null");
      default: return number();
    }
  }

  bool word(std::string_view expected) noexcept {
    if (text_.substr(at_, expected.size()) != expected) return false;
    at_ += expected.size();
    return true;
  }

  bool escape() noexcept {
    switch (at_ < text_.size() ? text_[at_++] : '\0') {
      case '"':
      case '\\':
      case '/':
      case 'b':
      case 'f':
      case 'n':
      case 'r':
      case 't': return true;
      case 'u':
        for (int i = 0; i < 4; ++i) {
          if (at_ >= text_.size() || hex_value(text_[at_++]) < 0) return false;
        }
        return true;
      default: return false;
    }
  }

  bool digits() noexcept {
    if (!is_digit(peek())) return false;
    while (is_digit(peek())) ++at_;
    return true;
  }

  bool number() noexcept {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      return digits();
    }
    return true;
  }

  bool array(std::size_t depth, std::vector<span>* found) {
    if (depth >= rules_.max_depth || !take('[')) return false;
    skip_space();
    if (take(']')) return true;
    for (;;) {
      skip_space();
      const std::size_t begin = at_;
      if (!value(depth + 1)) return false;
      if (found) found->push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_ - begin)});
      skip_space();
      if (take(']')) return true;
      if (!take(',')) return false;
    }
  }

  bool object(std::size_t depth) {
    if (depth >= rules_.max_depth || !take('{')) return false;
    skip_space();
    if (take('}')) return true;
    bool is_placeholder = false;
    std::string_view number;
    for (;;) {
      skip_space();
      const auto name = slice([this] { return string(); });
      if (!name) return false;
      skip_space();
      if (!take(':')) return false;
      skip_space();
      const auto content = slice([this, depth] { return value(depth + 1); });
      if (!content) return false;
      if (rules_.placeholders) {
        if (*name == "\"_placeholder\"") is_placeholder = *content == "true";
        if (*name == "\"num\"") number = *content;
      }
      skip_space();
      if (take('}')) return !is_placeholder || in_range(number);
      if (!take(',')) return false;
    }
  }

  template <class Part>
  std::optional<std::string_view> slice(Part part) {
    const std::size_t begin = at_;
    if (!part()) return std::nullopt;
    return text_.substr(begin, at_ - begin);
  }

  [[nodiscard]] bool in_range(std::string_view number) const noexcept {
    std::size_t n = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), n);
    return error == std::errc{} && end == number.data() + number.size() && n < *rules_.placeholders;
  }

  std::string_view text_;
  const rules& rules_;
  std::size_t at_ = 0;
};

unsigned code_unit(std::string_view text, std::size_t at) noexcept {
  unsigned unit = 0;
  for (std::size_t i = 0; i < 4; ++i) unit = unit << 4 | static_cast<unsigned>(hex_value(text[at + i]));
  return unit;
}

void append_utf8(std::string& out, unsigned code) {
  const auto byte = [&out](unsigned value) { out += static_cast<char>(value); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xc0 | code >> 6);
    byte(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    byte(0xe0 | code >> 12);
    byte(0x80 | (code >> 6 & 0x3f));
    byte(0x80 | (code & 0x3f));
  } else {
    byte(0xf0 | code >> 18);
    byte(0x80 | (code >> 12 & 0x3f));
    byte(0x80 | (code >> 6 & 0x3f));
    byte(0x80 | (code & 0x3f));
  }
}

/// Appends what the escape `\u` whose digits begin at `at` stands for; returns where the text goes on.
std::size_t append_escaped_unit(std::string& out, std::string_view text, std::size_t at) {
  unsigned code = code_unit(text, at);
  at += 4;
  if (code >= 0xd800 && code < 0xdc00 && text.substr(at, 2) == "\\u") {
    const unsigned low = code_unit(text, at + 2);
    if (low >= 0xdc00 && low < 0xe000) {
      append_utf8(out, 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00));
      return at + 6;
    }
  }
  append_utf8(out, code >= 0xd800 && code < 0xe000 ? 0xfffd : code);
  return at;
}

char unescaped(char c) noexcept {
  switch (c) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return c;
  }
}

}  // namespace

std::optional<std::vector<span>> elements(std::string_view text, const rules& by) {
  std::vector<span> found;
  scanner scan{text, by};
  scan.skip_space();
  if (!scan.array(&found)) return std::nullopt;
  scan.skip_space();
  if (!scan.at_end()) return std::nullopt;
  return found;
}

bool is_value(std::string_view text, const rules& by) {
  scanner scan{text, by};
  scan.skip_space();
  if (!scan.value()) return false;
  scan.skip_space();
  return scan.at_end();
}

bool is_object(std::string_view text, const rules& by) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{' && is_value(text, by);
}

std::optional<std::string> string_of(std::string_view text) {
  scanner scan{text, rules{}};
  if (!scan.string() || !scan.at_end()) return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at++];
    if (c != '\\') {
      result += c;
    } else if (text[at] == 'u') {
      at = append_escaped_unit(result, text, at + 1);
    } else {
      result += unescaped(text[at++]);
    }
  }
  return result;
}

std::optional<std::string_view> member(std::string_view object, std::string_view name) {
  const rules any_depth{.max_depth = 1000};
  scanner scan{object, any_depth};
  std::optional<std::string_view> found;
  scan.skip_space();
  if (!scan.take('{')) return std::nullopt;
  for (;;) {
    scan.skip_space();
    const std::size_t name_begin = scan.position();
    if (!scan.string()) return found;
    const auto key = string_of(object.substr(name_begin, scan.position() - name_begin));
    scan.skip_space();
    if (!scan.take(':')) return found;
    scan.skip_space();
    const std::size_t begin = scan.position();
    if (!scan.value()) return found;
    if (key == name) found = object.substr(begin, scan.position() - begin);
    scan.skip_space();
    if (!scan.take(',')) return found;
  }
}

std::optional<std::size_t> placeholder(std::string_view text) {
  if (text.empty() || text.front() != '{' || member(text, "_placeholder") != "true") return std::nullopt;
  const auto number = member(text, "num");
  if (!number) return std::nullopt;
  std::size_t n = 0;
  const auto [end, error] = std::from_chars(number->data(), number->data() + number->size(), n);
  if (error != std::errc{} || end != number->data() + number->size()) return std::nullopt;
  return n;
}

void append_string(std::string& out, std::string_view text) {
  static constexpr std::string_view digits = "0123456789abcdef";
  out += '"';
  while (!text.empty()) {
    const auto* const end = text.data() + text.size();
    const auto plain = static_cast<std::size_t>(runtime::find_json_special(text.data(), end) - text.data());
    out += text.substr(0, plain);
    if (plain == text.size()) break;
    const char c = text[plain];
    text.remove_prefix(plain + 1);
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        out += "\\u00";
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 0x0f];
    }
  }
  out += '"';
}

}  // namespace nxg::socketio::json_text
