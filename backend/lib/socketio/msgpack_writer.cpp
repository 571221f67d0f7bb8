#include "socketio/msgpack.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <limits>

namespace nxg::socketio::msgpack {

namespace {
constexpr std::size_t max_depth = 64;
}

void writer::big_endian(std::uint64_t value, std::size_t size) {
  for (std::size_t i = size; i-- > 0;) byte(static_cast<unsigned>((value >> (8 * i)) & 0xff));
}

void writer::container(std::size_t size, unsigned small, unsigned large) {
  if (size < 16) {
    byte(small | static_cast<unsigned>(size));
  } else if (size <= 0xffff) {
    byte(large);
    big_endian(size, 2);
  } else {
    byte(large + 1);
    big_endian(size, 4);
  }
}

std::size_t writer::open(bool is_map) {
  byte(is_map ? 0xdf : 0xdd);
  big_endian(0, 4);
  return out_.size() - 4;
}

void writer::close(std::size_t at, std::size_t size) {
  for (std::size_t i = 0; i < 4; ++i) out_[at + i] = static_cast<char>(size >> (8 * (3 - i)));
}

void writer::text(std::string_view value) {
  if (value.size() < 32) {
    byte(0xa0 | static_cast<unsigned>(value.size()));
  } else if (value.size() <= 0xff) {
    byte(0xd9);
    big_endian(value.size(), 1);
  } else if (value.size() <= 0xffff) {
    byte(0xda);
    big_endian(value.size(), 2);
  } else {
    byte(0xdb);
    big_endian(value.size(), 4);
  }
  out_ += value;
}

void writer::bytes(std::string_view value) {
  if (value.size() <= 0xff) {
    byte(0xc4);
    big_endian(value.size(), 1);
  } else if (value.size() <= 0xffff) {
    byte(0xc5);
    big_endian(value.size(), 2);
  } else {
    byte(0xc6);
    big_endian(value.size(), 4);
  }
  out_ += value;
}

void writer::integer(std::int64_t value) {
  if (value >= -32 && value < 128) {
    byte(static_cast<unsigned char>(value));
  } else if (value >= std::numeric_limits<std::int32_t>::min() && value <= std::numeric_limits<std::int32_t>::max()) {
    byte(0xd2);
    big_endian(static_cast<std::uint32_t>(static_cast<std::int32_t>(value)), 4);
  } else {
    byte(0xd3);
    big_endian(static_cast<std::uint64_t>(value), 8);
  }
}

void writer::floating(double value) {
  byte(0xcb);
  big_endian(std::bit_cast<std::uint64_t>(value), 8);
}

/// Reads JSON and writes what it means.
class json_reader {
 public:
  json_reader(std::string_view text, const std::vector<std::string>& attachments, writer& to)
      : text_{text}, attachments_{attachments}, to_{to} {}

  /// How many values there were, with commas between them.
  std::optional<std::size_t> sequence() {
    skip_space();
    if (at_ == text_.size()) return 0;
    for (std::size_t count = 1;; ++count) {
      if (!value(0)) return std::nullopt;
      skip_space();
      if (at_ == text_.size()) return count;
      if (!take(',')) return std::nullopt;
    }
  }

 private:
  void skip_space() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }
  bool take(char c) {
    skip_space();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool word(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) return false;
    at_ += expected.size();
    return true;
  }

  bool value(std::size_t depth) {
    skip_space();
    if (at_ == text_.size() || depth >= max_depth) return false;
    switch (text_[at_]) {
      case '{': return object(depth);
      case '[': return array(depth);
      case '"': return string();
      case 't': to_.boolean(true); return word("true");
      case 'f': to_.boolean(false); return word("false");
      case 'n': to_.nothing(); return word("null");
      default: return number();
    }
  }

  bool string() {
    const auto begin = at_++;
    for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    if (at_ >= text_.size()) return false;
    const auto meant = json_text::string_of(text_.substr(begin, ++at_ - begin));
    if (meant) to_.text(*meant);
    return meant.has_value();
  }

  bool number() {
    const auto end = std::min(text_.find_first_not_of("+-.0123456789eE", at_), text_.size());
    const auto* const first = text_.data() + at_;
    const auto* const last = text_.data() + end;
    at_ = end;
    std::int64_t whole = 0;
    if (const auto [stopped, error] = std::from_chars(first, last, whole); error == std::errc{} && stopped == last) {
      to_.integer(whole);
      return true;
    }
    double broken = 0;
    const auto [stopped, error] = std::from_chars(first, last, broken);
    if (stopped != last || first == last || error == std::errc::invalid_argument) return false;
    to_.floating(broken);
    return true;
  }

  bool array(std::size_t depth) {
    const auto size_at = to_.open(false);
    std::size_t size = 0;
    take('[');
    if (take(']')) return true;
    do {
      if (!value(depth + 1)) return false;
      ++size;
    } while (take(','));
    to_.close(size_at, size);
    return take(']');
  }

  bool object(std::size_t depth) {
    const auto begin = at_;
    const auto written = to_.out_.size();
    const auto size_at = to_.open(true);
    std::size_t size = 0;
    take('{');
    if (take('}')) return true;
    do {
      skip_space();
      if (at_ == text_.size() || text_[at_] != '"' || !string() || !take(':') || !value(depth + 1)) return false;
      ++size;
    } while (take(','));
    to_.close(size_at, size);
    if (!take('}')) return false;
    if (attachments_.empty()) return true;
    if (const auto stands_for = json_text::placeholder(text_.substr(begin, at_ - begin))) {
      if (*stands_for >= attachments_.size()) return false;
      to_.out_.resize(written);
      to_.bytes(attachments_[*stands_for]);
    }
    return true;
  }

  std::string_view text_;
  const std::vector<std::string>& attachments_;
  writer& to_;
  std::size_t at_ = 0;
};

bool writer::array_of(std::string_view first, const payload& content) {
  const auto at = open(false);
  text(first);
  const auto more = json_reader{content.arguments(), content.attachments(), *this}.sequence();
  if (more) close(at, 1 + *more);
  return more.has_value();
}

bool writer::json(std::string_view text, const std::vector<std::string>& attachments) {
  return json_reader{text, attachments, *this}.sequence() == 1;
}

}  // namespace nxg::socketio::msgpack
