#pragma once

#include <boost/json/object.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace nxg::gym {

/// What a machine's second can say, in the names of the wire (Bluetooth FTMS); the last four are a strength set's.
enum class field : std::size_t {
  elapsed_seconds,
  speed_kmh,
  incline_percent,
  distance_meters,
  heart_rate_bpm,
  power_watts,
  cadence_rpm,
  stroke_rate_spm,
  stroke_count,
  steps_per_minute,
  floors,
  resistance_level,
  energy_kcal,
  set_number,
  set_reps,
  set_weight_kg,
  set_duration_seconds,
};
inline constexpr std::size_t field_count = 17;
inline constexpr double absent = std::numeric_limits<double>::quiet_NaN();

/// One second of a machine. A value it does not report is absent (NaN), never 0.
struct sample {
  sample() { values.fill(absent); }
  double& operator[](field what) { return values[static_cast<std::size_t>(what)]; }
  double operator[](field what) const { return values[static_cast<std::size_t>(what)]; }
  [[nodiscard]] bool has(field what) const { return (*this)[what] == (*this)[what]; }

  std::int64_t seq = 0;
  /// Milliseconds since 1970, UTC: when it was made.
  std::int64_t at_ms = 0;
  /// Index of the workout (link) it was made in.
  std::size_t workout = 0;
  std::array<double, field_count> values;
};

/// As a machine sends it.
void append_wire(std::string& out, const sample& one, std::string_view link_id);

/// As the backend tells it, live or stored. Throws `std::runtime_error` when it lacks seq or at.
sample read_wire(const boost::json::object& object);

/// Whether number, time and every value are the same.
bool same(const sample& a, const sample& b);

std::string rfc3339(std::int64_t milliseconds);
std::int64_t milliseconds_of(std::string_view rfc3339_text);

}  // namespace nxg::gym
