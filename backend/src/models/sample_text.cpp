#include "models/sample_text.hpp"

#include "runtime/decimal.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace nxg {
namespace {

constexpr std::array<char, measure_count> letters{'v', 'i', 'd', 'h', 'p', 'c', 'r', 'k', 'w', 'f', 'l', 'n'};

template <class Number>
bool read_number(std::string_view text, Number& into) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
  return error == std::errc{} && end == text.data() + text.size();
}

bool plain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.';
}

void append_encoded(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : text) {
    if (plain(c)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
}

std::optional<std::string> decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    unsigned byte = 0;
    if (i + 2 >= text.size()) return std::nullopt;
    const auto [end, error] = std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16);
    if (error != std::errc{} || end != text.data() + i + 3) return std::nullopt;
    out += static_cast<char>(byte);
    i += 2;
  }
  return out;
}

void append_set(std::string& out, const strength_set& set) {
  const auto append_value = [&out](auto value) {
    std::array<char, runtime::longest_decimal> digits;
    out.append(digits.data(), runtime::write_decimal(digits.data(), value));
  };
  out += " x";
  append_value(std::int64_t{set.number});
  out += ',';
  append_value(std::int64_t{set.reps});
  out += ',';
  append_value(set.weight_kg);
  out += ',';
  if (set.duration_seconds) append_value(*set.duration_seconds);
  out += ',';
  if (set.rest_seconds) append_value(*set.rest_seconds);
  out += ',';
  if (set.exercise) append_encoded(out, *set.exercise);
}

std::optional<strength_set> parse_set(std::string_view text) {
  std::array<std::string_view, 6> parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto comma = text.find(',');
    if ((comma == std::string_view::npos) != (i + 1 == parts.size())) return std::nullopt;
    parts[i] = text.substr(0, comma);
    if (comma != std::string_view::npos) text.remove_prefix(comma + 1);
  }
  strength_set set;
  if (!read_number(parts[0], set.number) || !read_number(parts[1], set.reps) || !read_number(parts[2], set.weight_kg)) {
    return std::nullopt;
  }
  const auto optional_number = [](std::string_view part, std::optional<double>& into) {
    return part.empty() || read_number(part, into.emplace());
  };
  if (!optional_number(parts[3], set.duration_seconds) || !optional_number(parts[4], set.rest_seconds))
    return std::nullopt;
  if (!parts[5].empty()) {
    set.exercise = decoded(parts[5]);
    if (!set.exercise) return std::nullopt;
  }
  return set;
}

bool read_field(char letter, std::string_view value, sample& into) {
  std::int64_t whole = 0;
  double number = 0;
  switch (letter) {
    case 'a':
      if (!read_number(value, whole)) return false;
      into.at = instant{std::chrono::milliseconds{whole}};
      return true;
    case 'o': return read_number(value, into.clock_offset_ms);
    case 'e': return read_number(value, into.elapsed_seconds);
    case '!': return read_number(value, into.flags);
    case 'L':
      if (const auto id = uuid::parse(value)) {
        into.link_id = *id;
        return true;
      }
      return false;
    case 'x': into.set = parse_set(value); return into.set.has_value();
    default: break;
  }
  for (std::size_t i = 0; i < letters.size(); ++i) {
    if (letters[i] != letter) continue;
    if (!read_number(value, number)) return false;
    into.values.set(static_cast<measure>(i), number);
    return true;
  }
  return false;
}

/// A field of one letter and a value.
char* write_field(char* at, char letter, auto value) {
  *at++ = ' ';
  *at++ = letter;
  return runtime::write_decimal(at, value);
}

/// A line but for its set, at `at`.
char* write_line(char* at, const sample& what, bool with_link) {
  at = runtime::write_decimal(at, what.seq);
  at = write_field(at, 'a', what.at.time_since_epoch().count());
  if (what.clock_offset_ms != 0) at = write_field(at, 'o', what.clock_offset_ms);
  if (with_link && !what.link_id.is_nil()) {
    *at++ = ' ';
    *at++ = 'L';
    at = std::ranges::copy(what.link_id.spelled(), at).out;
  }
  at = write_field(at, 'e', what.elapsed_seconds);
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const auto kind = static_cast<measure>(i);
    if (what.values.has(kind)) at = write_field(at, letters[i], what.values.at(kind));
  }
  return at;
}

constexpr std::size_t longest_line = 2 * uuid::text_size + (4 + measure_count) * (2 + runtime::longest_decimal);

}  // namespace

void append_sample(std::string& out, const sample& what, bool with_link) {
  std::array<char, longest_line> line;
  out.append(line.data(), write_line(line.data(), what, with_link));
  if (what.set) append_set(out, *what.set);
  if (what.flags != 0) {
    out += " !";
    out += std::to_string(what.flags);
  }
}

std::optional<sample> parse_sample(std::string_view line) {
  sample read;
  auto space = line.find(' ');
  if (!read_number(line.substr(0, space), read.seq)) return std::nullopt;
  while (space != std::string_view::npos) {
    line.remove_prefix(space + 1);
    space = line.find(' ');
    const auto field = line.substr(0, space);
    if (field.size() < 2 || !read_field(field.front(), field.substr(1), read)) return std::nullopt;
  }
  return read;
}

void append_group(std::string& out, const sample_source& from, const uuid& link_id) {
  out += '@';
  from.machine_id.append_to(out);
  out += ' ';
  from.epoch.append_to(out);
  out += ' ';
  if (link_id.is_nil()) {
    out += '-';
  } else {
    link_id.append_to(out);
  }
  out += ';';
}

void append_line(std::string& out, const sample& what) {
  append_sample(out, what, false);
  out += ';';
}

namespace {

[[noreturn]] void refuse(std::string_view line) {
  throw std::runtime_error{"a journal segment holds a line this version cannot read: " +
                           std::string{line.substr(0, 80)}};
}

/// Where the link belongs in a line: behind the times. Nothing for what is no line of a segment.
std::size_t place_of_link(std::string_view line) noexcept { return line.find(" e"); }

}  // namespace

std::optional<std::int64_t> seq_of_line(std::string_view line) {
  std::int64_t seq = 0;
  if (!read_number(line.substr(0, line.find(' ')), seq)) return std::nullopt;
  return seq;
}

void append_line_with_link(std::string& out, std::string_view line, const uuid& link_id) {
  if (link_id.is_nil()) {
    out += line;
    return;
  }
  const auto place = place_of_link(line);
  if (place == std::string_view::npos) refuse(line);
  out += line.substr(0, place);
  out += " L";
  link_id.append_to(out);
  out += line.substr(place);
}

std::optional<segment_lines::entry> segment_lines::next() {
  while (!rest_.empty()) {
    const auto end = rest_.find(';');
    if (end == std::string_view::npos) refuse(rest_);
    const auto line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    if (!line.starts_with('@')) {
      const auto seq = seq_of_line(line);
      if (!seq || !in_group_ || place_of_link(line) == std::string_view::npos) refuse(line);
      return entry{from_, link_id_, *seq, line};
    }
    // "@" machine (36) " " epoch (32) " " link (36, or "-")
    if (line.size() < 72 || line[37] != ' ' || line[70] != ' ') refuse(line);
    const auto machine = uuid::parse(line.substr(1, 36));
    const auto when = epoch::parse(line.substr(38, 32));
    const auto link_text = line.substr(71);
    const auto link = link_text == "-" ? std::optional{uuid{}} : uuid::parse(link_text);
    if (!machine || !when || !link) refuse(line);
    from_ = {*machine, *when};
    link_id_ = *link;
    in_group_ = true;
  }
  return std::nullopt;
}

std::optional<segment_reader::entry> segment_reader::next() {
  const auto found = lines_.next();
  if (!found) return std::nullopt;
  auto read = parse_sample(found->line);
  if (!read) refuse(found->line);
  read->link_id = found->link_id;
  return entry{found->from, std::move(*read)};
}

}  // namespace nxg
