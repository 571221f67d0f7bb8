#include "gym/sample.hpp"

#include "gym/answers.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <iterator>
#include <stdexcept>

namespace nxg::gym {

namespace {

constexpr std::array<std::string_view, field_count> names{
    "elapsedSeconds", "speedKmh",      "inclinePercent", "distanceMeters", "heartRateBpm",   "powerWatts",
    "cadenceRpm",     "strokeRateSpm", "strokeCount",    "stepsPerMinute", "floors",         "resistanceLevel",
    "energyKcal",     "number",        "reps",           "weightKg",       "durationSeconds"};
constexpr std::size_t first_of_set = static_cast<std::size_t>(field::set_number);

void append_number(std::string& out, std::string_view name, double value) {
  fmt::format_to(std::back_inserter(out), R"(,"{}":{})", name, value);
}

}  // namespace

void append_wire(std::string& out, const sample& one, std::string_view link_id) {
  fmt::format_to(std::back_inserter(out), R"({{"seq":{},"at":"{}")", one.seq, rfc3339(one.at_ms));
  if (!link_id.empty()) fmt::format_to(std::back_inserter(out), R"(,"linkId":"{}")", link_id);
  for (std::size_t i = 0; i < first_of_set; ++i) {
    if (one.has(static_cast<field>(i))) append_number(out, names[i], one.values[i]);
  }
  if (one.has(field::set_number)) {
    std::string set;
    for (std::size_t i = first_of_set; i < field_count; ++i) {
      if (one.has(static_cast<field>(i))) append_number(set, names[i], one.values[i]);
    }
    fmt::format_to(std::back_inserter(out), R"(,"set":{{{}}})", std::string_view{set}.substr(1));
  }
  out += '}';
}

sample read_wire(const boost::json::object& object) {
  sample one;
  const auto* seq = object.if_contains("seq");
  const auto* at = object.if_contains("at");
  if (seq == nullptr || at == nullptr || !seq->is_int64() || !at->is_string())
    throw std::runtime_error{"a sample without seq or at"};
  one.seq = seq->get_int64();
  one.at_ms = milliseconds_of(at->get_string());
  for (std::size_t i = 0; i < first_of_set; ++i) one.values[i] = number(object, names[i]);
  if (const auto* set = object.if_contains("set"); set != nullptr && set->is_object()) {
    for (std::size_t i = first_of_set; i < field_count; ++i) one.values[i] = number(*set, names[i]);
  }
  return one;
}

bool same(const sample& a, const sample& b) {
  if (a.seq != b.seq || a.at_ms != b.at_ms) return false;
  for (std::size_t i = 0; i < field_count; ++i) {
    const bool both_absent = a.values[i] != a.values[i] && b.values[i] != b.values[i];
    if (!both_absent && a.values[i] != b.values[i]) return false;
  }
  return true;
}

std::string rfc3339(std::int64_t milliseconds) {
  const auto seconds = static_cast<std::time_t>(milliseconds / 1000);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(seconds), milliseconds % 1000);
}

std::int64_t milliseconds_of(std::string_view text) {
  using namespace std::chrono;
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0, ms = 0, read = 0;
  std::sscanf(std::string{text}.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ%n", &y, &mo, &d, &h, &mi, &s, &ms, &read);
  if (read == 0 || static_cast<std::size_t>(read) != text.size()) {
    throw std::runtime_error{fmt::format("'{}' is no RFC 3339 time with milliseconds", text)};
  }
  const sys_days day{year{y} / mo / d};
  return duration_cast<milliseconds>(day.time_since_epoch() + hours{h} + minutes{mi} + seconds{s}).count() + ms;
}

}  // namespace nxg::gym
