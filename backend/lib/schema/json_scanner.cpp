#include "schema/json_scanner.hpp"

#include "runtime/json_special.hpp"
#include "schema/json_text.hpp"
#include "schema/text.hpp"

#include <algorithm>
#include <vector>

namespace nxg::schema::detail {

namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

void append_utf8(std::string& out, unsigned code_point) {
  const auto put = [&](unsigned byte) { out += static_cast<char>(byte); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xc0 | code_point >> 6);
    put(0x80 | (code_point & 0x3f));
  } else if (code_point < 0x10000) {
    put(0xe0 | code_point >> 12);
    put(0x80 | (code_point >> 6 & 0x3f));
    put(0x80 | (code_point & 0x3f));
  } else {
    put(0xf0 | code_point >> 18);
    put(0x80 | (code_point >> 12 & 0x3f));
    put(0x80 | (code_point >> 6 & 0x3f));
    put(0x80 | (code_point & 0x3f));
  }
}

bool is_high_surrogate(unsigned unit) noexcept { return unit >= 0xd800 && unit < 0xdc00; }
bool is_low_surrogate(unsigned unit) noexcept { return unit >= 0xdc00 && unit < 0xe000; }

}  // namespace

bool json_scanner::fail(std::string_view code, std::string message) {
  found_.replace_all(code, std::move(message));
  return false;
}

bool json_scanner::expected(std::string_view what) {
  return fail(codes::syntax, "is no JSON: expected " + std::string{what} + " at byte " + std::to_string(at_ - start_));
}

bool json_scanner::begin() {
  return is_utf8({start_, static_cast<std::size_t>(end_ - start_)}) || fail(codes::bad_utf8, "is not UTF-8");
}

bool json_scanner::end() { return peek() == '\0' && at_ == end_ ? true : expected("the end"); }

bool json_scanner::literal(std::string_view word) {
  if (static_cast<std::size_t>(end_ - at_) < word.size() || std::string_view{at_, word.size()} != word)
    return expected("a value");
  at_ += word.size();
  return true;
}

bool json_scanner::number(number_token& token) {
  const char* const first = at_;
  const auto digits = [this] {
    const char* const from = at_;
    while (at_ != end_ && is_digit(*at_)) ++at_;
    return at_ != from;
  };
  token.whole = true;
  if (at_ != end_ && *at_ == '-') ++at_;
  if (at_ != end_ && *at_ == '0') {
    ++at_;
  } else if (!digits()) {
    return expected("a digit");
  }
  if (at_ != end_ && *at_ == '.') {
    token.whole = false;
    ++at_;
    if (!digits()) return expected("a digit");
  }
  if (at_ != end_ && (*at_ == 'e' || *at_ == 'E')) {
    token.whole = false;
    ++at_;
    if (at_ != end_ && (*at_ == '+' || *at_ == '-')) ++at_;
    if (!digits()) return expected("a digit");
  }
  token.text = {first, static_cast<std::size_t>(at_ - first)};
  return true;
}

bool json_scanner::string(std::string_view& text, std::string& scratch) {
  if (peek() != '"') return expected("a string");
  const char* const first = ++at_;
  at_ = runtime::find_json_special(at_, end_);
  if (at_ != end_ && *at_ == '"') {
    text = {first, static_cast<std::size_t>(at_++ - first)};
    return true;
  }
  scratch.assign(first, at_);
  while (at_ != end_ && *at_ == '\\') {
    ++at_;
    if (!unescape(scratch)) return false;
    const char* const run = at_;
    at_ = runtime::find_json_special(at_, end_);
    scratch.append(run, at_);
  }
  if (at_ == end_ || *at_ != '"') return expected("the end of a string");
  ++at_;
  text = scratch;
  return true;
}

bool json_scanner::unescape(std::string& out) {
  constexpr std::string_view escapes = "\"\\/bfnrt";
  constexpr std::string_view meant = "\"\\/\b\f\n\r\t";
  if (at_ == end_) return expected("an escape");
  const char c = *at_++;
  if (const auto found = escapes.find(c); found != std::string_view::npos) {
    out += meant[found];
    return true;
  }
  if (c != 'u') {
    --at_;
    return expected("an escape");
  }
  unsigned unit = 0;
  if (!hex_unit(unit)) return false;
  if (is_high_surrogate(unit)) {
    unsigned low = 0;
    if (end_ - at_ >= 2 && at_[0] == '\\' && at_[1] == 'u') {
      at_ += 2;
      if (!hex_unit(low)) return false;
    }
    if (!is_low_surrogate(low)) return fail(codes::bad_utf8, "has half of a surrogate pair");
    unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
  } else if (is_low_surrogate(unit)) {
    return fail(codes::bad_utf8, "has half of a surrogate pair");
  }
  append_utf8(out, unit);
  return true;
}

bool json_scanner::hex_unit(unsigned& unit) {
  unit = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    if (at_ == end_) return expected("four hexadecimal digits");
    const char c = *at_;
    const int value = is_digit(c)            ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (value < 0) return expected("four hexadecimal digits");
    unit = unit << 4 | static_cast<unsigned>(value);
  }
  return true;
}

bool json_scanner::enter() {
  ++at_;
  if (++depth_ > deepest_) return fail(codes::too_deep, "is nested deeper than " + std::to_string(deepest_));
  return true;
}

bool json_scanner::next(char close, bool& first, bool& more) {
  const char c = peek();
  more = c != close || at_ == end_;
  if (!more) {
    ++at_;
  } else if (!first) {
    if (c != ',') return expected(close == '}' ? "',' or '}'" : "',' or ']'");
    ++at_;
  }
  first = false;
  return true;
}

bool json_scanner::key(std::string_view& text, std::string& scratch) {
  if (!string(text, scratch)) return false;
  if (peek() != ':') return expected("':'");
  ++at_;
  return true;
}

bool json_scanner::skip_value() { return pass(false); }

bool json_scanner::check_value() { return pass(true); }

bool json_scanner::pass(bool unique_keys) {
  std::string_view text;
  number_token number_found;
  switch (peek()) {
    case '{': return pass_object(unique_keys);
    case '[': return pass_array(unique_keys);
    case '"': return string(text, scratch_);
    case 't': return literal("true");
    case 'f': return literal("false");
    case 'n': return literal("null");
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9': return number(number_found);
    default: return expected("a value");
  }
}

bool json_scanner::pass_object(bool unique_keys) {
  if (!enter()) return false;
  std::vector<std::string> keys;
  std::string_view name;
  for (bool first = true, more = true;;) {
    if (!next('}', first, more)) return false;
    if (!more) break;
    if (!key(name, scratch_)) return false;
    if (unique_keys) keys.emplace_back(name);
    if (!pass(unique_keys)) return false;
  }
  leave();
  std::ranges::sort(keys);
  if (const auto twice = std::ranges::adjacent_find(keys); twice != keys.end()) {
    found_.add(codes::duplicate_key, "has the key \"" + *twice + "\" twice");
  }
  return true;
}

bool json_scanner::pass_array(bool unique_keys) {
  if (!enter()) return false;
  for (bool first = true, more = true;;) {
    if (!next(']', first, more)) return false;
    if (!more) break;
    if (!pass(unique_keys)) return false;
  }
  leave();
  return true;
}

}  // namespace nxg::schema::detail
