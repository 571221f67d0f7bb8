#include "telemetry/json_line.hpp"

#include "telemetry/scrub.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <utility>

namespace nxg::telemetry {

namespace {

constexpr std::size_t longest_text = 4096;
constexpr std::string_view replacement = "\xef\xbf\xbd";

std::uint8_t byte_at(std::string_view text, std::size_t at) noexcept {
  return at < text.size() ? static_cast<std::uint8_t>(text[at]) : std::uint8_t{0};
}

/// The length of the well-formed UTF-8 sequence that begins there (RFC 3629, table 3-7 of Unicode), or 0.
std::size_t sequence_length(std::string_view text, std::size_t at) noexcept {
  const auto follows = [&](std::size_t n, std::uint8_t least = 0x80, std::uint8_t most = 0xbf) {
    const auto byte = byte_at(text, at + n);
    return byte >= least && byte <= most;
  };
  const auto first = byte_at(text, at);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const bool second = follows(1, first == 0xe0 ? 0xa0 : 0x80, first == 0xed ? 0x9f : 0xbf);
    return second && follows(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const bool second = follows(1, first == 0xf0 ? 0x90 : 0x80, first == 0xf4 ? 0x8f : 0xbf);
    return second && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

/// How many characters from there on can be copied as they are.
std::size_t plain_run(std::string_view text, std::size_t at) noexcept {
  const std::size_t begin = at;
  while (at < text.size() && text[at] >= 0x20 && text[at] < 0x7f && text[at] != '"' && text[at] != '\\') ++at;
  return at - begin;
}

void append_ascii(std::string& line, char c) {
  if (c == '"' || c == '\\') {
    line += '\\';
    line += c;
  } else if (c == '\n') {
    line += "\\n";
  } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
    fmt::format_to(std::back_inserter(line), "\\u{:04x}", static_cast<unsigned>(c));
  } else {
    line += c;
  }
}

template <class... Cases>
struct overloaded : Cases... {
  using Cases::operator()...;
};

}  // namespace

void append_json_text(std::string& line, std::string_view text) {
  const bool cut = text.size() > longest_text;
  if (cut) text = text.substr(0, longest_text);
  line += '"';
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t plain = plain_run(text, at); plain > 0) {
      line += text.substr(at, plain);
      at += plain;
      continue;
    }
    const std::size_t length = sequence_length(text, at);
    if (length == 1) {
      append_ascii(line, text[at]);
    } else if (length == 2 && byte_at(text, at) == 0xc2 && byte_at(text, at + 1) < 0xa0) {
      // C1 controls: terminals obey them.
      fmt::format_to(std::back_inserter(line), "\\u00{:02x}", byte_at(text, at + 1));
    } else if (length == 0) {
      line += replacement;
    } else {
      line += text.substr(at, length);
    }
    at += length == 0 ? 1 : length;
  }
  if (cut) line += "…";
  line += '"';
}

void append_instant(std::string& line, instant when) {
  const auto day = std::chrono::floor<std::chrono::days>(when);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{when - day};
  fmt::format_to(std::back_inserter(line), "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                 static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                 time.minutes().count(), time.seconds().count(), time.subseconds().count());
}

void append_field(std::string& line, const field& one) {
  line += ',';
  append_json_text(line, one.key());
  line += ':';
  const bool says_nothing =
      std::holds_alternative<bool>(one.content()) || std::holds_alternative<std::nullptr_t>(one.content());
  if (!says_nothing && is_sensitive_name(one.key())) {
    append_json_text(line, redaction);
    return;
  }
  const auto number = [&line](double value) {
    std::isfinite(value) ? void(fmt::format_to(std::back_inserter(line), "{}", value)) : void(line += "null");
  };
  std::visit(overloaded{
                 [&](std::nullptr_t) { line += "null"; },
                 [&](bool yes) { line += yes ? "true" : "false"; },
                 [&](std::int64_t value) { fmt::format_to(std::back_inserter(line), "{}", value); },
                 [&](std::uint64_t value) { fmt::format_to(std::back_inserter(line), "{}", value); },
                 [&](double value) { number(value); },
                 [&](std::string_view text) { append_json_text(line, scrub_text(text.substr(0, 2 * longest_text))); },
                 [&](redacted) { append_json_text(line, redaction); },
                 [&](const uuid& id) { append_json_text(line, id.to_string()); },
                 [&](instant when) {
                   line += '"';
                   append_instant(line, when);
                   line += '"';
                 },
                 [&](std::chrono::duration<double, std::milli> how_long) {
                   number(std::round(how_long.count() * 1000) / 1000);
                 },
             },
             one.content());
}

std::string_view name_of(log_level level) noexcept {
  switch (level) {
    case log_level::debug: return "debug";
    case log_level::info: return "info";
    case log_level::warn: return "warn";
    case log_level::error: return "error";
  }
  std::unreachable();
}

}  // namespace nxg::telemetry
