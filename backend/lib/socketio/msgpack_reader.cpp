#include "socketio/msgpack.hpp"
#include "socketio/websocket_frame.hpp"

#include <fmt/format.h>

#include <bit>
#include <chrono>
#include <cmath>

namespace nxg::socketio::msgpack {

namespace {

/// What `notepack` makes of an ArrayBuffer, and the timestamps of the specification.
constexpr int array_buffer = 0;
constexpr int timestamp = -1;

bool is_utf8(std::string_view text) {
  websocket::utf8_checker checker;
  return checker.feed(text) && checker.complete();
}

std::uint64_t number_in(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const char one : bytes) value = value << 8 | static_cast<unsigned char>(one);
  return value;
}

/// As `Date.prototype.toJSON` has it.
std::string time_text(std::int64_t seconds, std::uint32_t nanoseconds) {
  const std::chrono::sys_seconds at{std::chrono::seconds{seconds}};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{at - day};
  return fmt::format(R"("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z")", int{date.year()}, unsigned{date.month()},
                     unsigned{date.day()}, time.hours().count(), time.minutes().count(), time.seconds().count(),
                     nanoseconds / 1'000'000);
}

}  // namespace

std::optional<std::uint64_t> reader::big_endian(std::size_t size) {
  if (from_.size() < size) return std::nullopt;
  const auto value = number_in(from_.substr(0, size));
  from_.remove_prefix(size);
  return value;
}

std::optional<reader::head> reader::with_content(kind what, std::optional<std::uint64_t> size) {
  if (!size || *size > from_.size()) return std::nullopt;
  head result{.what = what, .size = *size, .content = from_.substr(0, *size)};
  from_.remove_prefix(*size);
  if (what == kind::text && !is_utf8(result.content)) return std::nullopt;
  return result;
}

/// A value whose size is told in so many bytes before it.
std::optional<reader::head> reader::sized(kind what, std::size_t digits) {
  const auto size = big_endian(digits);
  if (!size) return std::nullopt;
  if (what == kind::array || what == kind::map) {
    // An element has a byte at least: no size may promise more than came.
    if (*size > from_.size()) return std::nullopt;
    return head{.what = what, .size = *size};
  }
  if (what != kind::extension) return with_content(what, size);
  const auto type = big_endian(1);
  if (!type) return std::nullopt;
  auto result = with_content(what, size);
  if (result) result->extension = static_cast<std::int8_t>(*type);
  return result;
}

std::optional<reader::head> reader::next() {
  const auto first = big_endian(1);
  if (!first) return std::nullopt;
  const auto code = static_cast<unsigned>(*first);
  const auto integer = [](std::int64_t value) { return head{.what = kind::integer, .integer = value}; };
  const auto small = [&](kind what, unsigned size) -> std::optional<head> {
    if (size > from_.size()) return std::nullopt;
    return head{.what = what, .size = size};
  };
  if (code < 0x80) return integer(code);
  if (code < 0x90) return small(kind::map, code & 0x0f);
  if (code < 0xa0) return small(kind::array, code & 0x0f);
  if (code < 0xc0) return with_content(kind::text, code & 0x1f);
  if (code >= 0xe0) return integer(static_cast<std::int8_t>(code));
  switch (code) {
    case 0xc0: return head{};
    case 0xc2:
    case 0xc3: return head{.what = kind::boolean, .integer = code & 1};
    case 0xc4:
    case 0xc5:
    case 0xc6: return sized(kind::bytes, std::size_t{1} << (code - 0xc4));
    case 0xc7:
    case 0xc8:
    case 0xc9: return sized(kind::extension, std::size_t{1} << (code - 0xc7));
    case 0xca:
    case 0xcb: {
      const auto bits = big_endian(code == 0xca ? 4 : 8);
      if (!bits) return std::nullopt;
      const double value =
          code == 0xca ? std::bit_cast<float>(static_cast<std::uint32_t>(*bits)) : std::bit_cast<double>(*bits);
      return head{.what = kind::floating, .floating = value};
    }
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf: {
      const auto value = big_endian(std::size_t{1} << (code - 0xcc));
      if (!value) return std::nullopt;
      return head{.what = kind::natural, .integer = static_cast<std::int64_t>(*value)};
    }
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3: {
      const auto size = std::size_t{1} << (code - 0xd0);
      const auto value = big_endian(size);
      if (!value) return std::nullopt;
      const auto shift = 64 - 8 * size;
      return integer(static_cast<std::int64_t>(*value << shift) >> shift);
    }
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8: {
      const auto type = big_endian(1);
      if (!type) return std::nullopt;
      auto result = with_content(kind::extension, std::uint64_t{1} << (code - 0xd4));
      if (result) result->extension = static_cast<std::int8_t>(*type);
      return result;
    }
    case 0xd9:
    case 0xda:
    case 0xdb: return sized(kind::text, std::size_t{1} << (code - 0xd9));
    case 0xdc:
    case 0xdd: return sized(kind::array, code == 0xdc ? 2 : 4);
    case 0xde:
    case 0xdf: return sized(kind::map, code == 0xde ? 2 : 4);
    default: return std::nullopt;
  }
}

std::optional<std::size_t> reader::array() {
  const auto found = next();
  if (!found || found->what != kind::array) return std::nullopt;
  return found->size;
}

std::optional<std::size_t> reader::map() {
  const auto found = next();
  if (!found || found->what != kind::map) return std::nullopt;
  return found->size;
}

std::optional<std::string> reader::text() {
  const auto found = next();
  if (!found) return std::nullopt;
  if (found->what == kind::text) return std::string{found->content};
  if (found->what == kind::integer) return std::to_string(found->integer);
  if (found->what == kind::natural) return std::to_string(static_cast<std::uint64_t>(found->integer));
  return std::nullopt;
}

bool reader::nothing() {
  if (!from_.starts_with('\xc0')) return false;
  from_.remove_prefix(1);
  return true;
}

bool reader::skip_value() {
  std::string ignored;
  payload none;
  return json(ignored, none);
}

bool reader::json(std::string& out, payload& attachments) { return json(out, attachments, 0); }

bool reader::json(std::string& out, payload& attachments, std::size_t depth) {
  const auto found = next();
  if (!found || depth >= max_depth_) return false;
  switch (found->what) {
    case kind::nothing: out += "null"; return true;
    case kind::boolean: out += found->integer == 1 ? "true" : "false"; return true;
    case kind::integer: out += std::to_string(found->integer); return true;
    case kind::natural: out += std::to_string(static_cast<std::uint64_t>(found->integer)); return true;
    case kind::floating:
      out += std::isfinite(found->floating) ? fmt::format("{}", found->floating) : "null";
      return true;
    case kind::text: json_text::append_string(out, found->content); return true;
    case kind::bytes: out += attachments.attach(std::string{found->content}); return true;
    case kind::extension: return json_extension(out, attachments, *found);
    case kind::array:
    case kind::map: break;
  }
  const bool is_map = found->what == kind::map;
  out += is_map ? '{' : '[';
  for (std::size_t i = 0; i < found->size; ++i) {
    if (i > 0) out += ',';
    if (is_map) {
      const auto name = text();
      if (!name) return false;
      json_text::append_string(out, *name);
      out += ':';
    }
    if (!json(out, attachments, depth + 1)) return false;
  }
  out += is_map ? '}' : ']';
  return true;
}

bool reader::json_extension(std::string& out, payload& attachments, const head& of) {
  if (of.extension == array_buffer) {
    out += attachments.attach(std::string{of.content});
    return true;
  }
  if (of.extension != timestamp) return false;
  // The years that a text of this form can name.
  constexpr std::int64_t first_second = -62'167'219'200;
  constexpr std::int64_t last_second = 253'402'300'799;
  std::int64_t seconds = 0;
  std::uint64_t nanoseconds = 0;
  if (of.size == 4) {
    seconds = static_cast<std::int64_t>(number_in(of.content));
  } else if (of.size == 8) {
    const auto both = number_in(of.content);
    nanoseconds = both >> 34;
    seconds = static_cast<std::int64_t>(both & 0x3'ffff'ffff);
  } else if (of.size == 12) {
    nanoseconds = number_in(of.content.substr(0, 4));
    seconds = static_cast<std::int64_t>(number_in(of.content.substr(4)));
  } else {
    return false;
  }
  if (seconds < first_second || seconds > last_second || nanoseconds > 999'999'999) return false;
  out += time_text(seconds, static_cast<std::uint32_t>(nanoseconds));
  return true;
}

}  // namespace nxg::socketio::msgpack
