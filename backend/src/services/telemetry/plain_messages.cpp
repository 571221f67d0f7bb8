#include "services/telemetry/plain_messages.hpp"

#include "runtime/decimal.hpp"
#include "runtime/json_special.hpp"
#include "schema/text.hpp"

#include <array>

namespace nxg::samples {
namespace {

constexpr std::int64_t largest_seq = 9'007'199'254'740'991;

/// Walks over JSON that is to be plain. Every function returns false, or nothing, for what is not; then the walk ends.
class plain_reader {
 public:
  explicit plain_reader(std::string_view text) noexcept : at_{text.data()}, end_{text.data() + text.size()} {}

  bool take(char c) noexcept {
    skip_space();
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }

  /// The text of a string without escapes.
  std::optional<std::string_view> string() noexcept {
    if (!take('"')) return std::nullopt;
    const char* const close = runtime::find_json_special(at_, end_);
    if (close == end_ || *close != '"') return std::nullopt;
    const std::string_view text{at_, static_cast<std::size_t>(close - at_)};
    at_ = close + 1;
    return text;
  }

  /// A name and its colon.
  std::optional<std::string_view> key() noexcept {
    const auto name = string();
    if (!name || !take(':')) return std::nullopt;
    return name;
  }

  template <class Number>
  bool number(Number& into) noexcept {
    skip_space();
    const char* const end = runtime::read_decimal(at_, end_, into);
    if (end != nullptr) at_ = end;
    return end != nullptr;
  }

  [[nodiscard]] bool at_end() noexcept {
    skip_space();
    return at_ == end_;
  }

 private:
  void skip_space() noexcept {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  }

  const char* at_;
  const char* end_;
};

/// Fields in the order of the description, in which most machines send them.
enum class field : std::uint8_t { seq, at, link_id, elapsed_seconds, first_measure };
constexpr std::size_t field_count = static_cast<std::size_t>(field::first_measure) + measure_count;
constexpr std::size_t first_measure = static_cast<std::size_t>(field::first_measure);
const std::array<std::string_view, field_count> names = [] {
  std::array<std::string_view, field_count> all{"seq", "at", "linkId", "elapsedSeconds"};
  for (std::size_t i = 0; i < measure_count; ++i) all[first_measure + i] = wire_name(static_cast<measure>(i));
  return all;
}();

/// Looks from `expected` on, round once; `field_count` for a name that is none.
std::size_t find_field(std::string_view name, std::size_t expected) noexcept {
  for (std::size_t i = expected; i < field_count; ++i) {
    if (names[i] == name) return i;
  }
  for (std::size_t i = 0; i < expected; ++i) {
    if (names[i] == name) return i;
  }
  return field_count;
}

bool read_value(plain_reader& from, std::size_t number, sample& into) noexcept {
  if (number >= first_measure) {
    double value = 0;
    if (!from.number(value)) return false;
    into.values.set(static_cast<measure>(number - first_measure), value);
    return true;
  }
  switch (static_cast<field>(number)) {
    case field::seq: return from.number(into.seq) && into.seq >= 1 && into.seq <= largest_seq;
    case field::at: {
      const auto text = from.string();
      const auto when = text ? schema::parse_rfc3339(*text) : std::nullopt;
      if (when) into.at = *when;
      return when.has_value();
    }
    case field::link_id: {
      const auto text = from.string();
      const auto id = text ? uuid::parse(*text) : std::nullopt;
      if (id) into.link_id = *id;
      return id.has_value();
    }
    case field::elapsed_seconds: return from.number(into.elapsed_seconds);
    case field::first_measure: break;
  }
  return false;
}

bool read_sample(plain_reader& from, sample& into) noexcept {
  constexpr unsigned required = 1U << static_cast<unsigned>(field::seq) | 1U << static_cast<unsigned>(field::at) |
                                1U << static_cast<unsigned>(field::elapsed_seconds);
  if (!from.take('{')) return false;
  unsigned seen = 0;
  std::size_t expected = 0;
  do {
    const auto name = from.key();
    if (!name) return false;
    const auto number = find_field(*name, expected);
    if (number == field_count || (seen & 1U << number) != 0 || !read_value(from, number, into)) return false;
    seen |= 1U << number;
    expected = number + 1;
  } while (from.take(','));
  return from.take('}') && (seen & required) == required;
}

bool read_epoch(plain_reader& from, epoch& into) noexcept {
  const auto text = from.string();
  const auto read = text ? epoch::parse(*text) : std::nullopt;
  if (read) into = *read;
  return read.has_value();
}

bool read_samples(plain_reader& from, std::vector<sample>& into, std::int64_t clock_offset_ms) {
  if (!from.take('[')) return false;
  do {
    if (into.size() == max_samples) return false;
    auto& one = into.emplace_back();
    one.clock_offset_ms = clock_offset_ms;
    if (!read_sample(from, one)) return false;
    if (into.size() > 1 && one.seq <= into[into.size() - 2].seq) return false;
  } while (from.take(','));
  return from.take(']');
}

/// The object around the samples; `name` is theirs, `read` reads them.
template <class Read>
std::optional<parsed> read_message(std::string_view json, std::string_view name, Read read) {
  plain_reader from{json};
  parsed made;
  bool has_epoch = false;
  bool has_samples = false;
  if (!from.take('{')) return std::nullopt;
  do {
    const auto key = from.key();
    if (!key) return std::nullopt;
    bool& seen = *key == name ? has_samples : has_epoch;
    if (seen || (&seen == &has_epoch && *key != "epoch")) return std::nullopt;
    seen = true;
    if (!(&seen == &has_epoch ? read_epoch(from, made.epoch) : read(from, made.samples))) return std::nullopt;
  } while (from.take(','));
  if (!from.take('}') || !from.at_end() || !has_epoch || !has_samples) return std::nullopt;
  return made;
}

}  // namespace

std::optional<parsed> read_plain_single(std::string_view json, std::int64_t clock_offset_ms) {
  return read_message(json, "sample", [clock_offset_ms](plain_reader& from, std::vector<sample>& into) {
    auto& one = into.emplace_back();
    one.clock_offset_ms = clock_offset_ms;
    return read_sample(from, one);
  });
}

std::optional<parsed> read_plain_batch(std::string_view json, std::int64_t clock_offset_ms) {
  return read_message(json, "samples", [clock_offset_ms](plain_reader& from, std::vector<sample>& into) {
    return read_samples(from, into, clock_offset_ms);
  });
}

}  // namespace nxg::samples
