#pragma once

#include "models/epoch.hpp"
#include "models/measure.hpp"
#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg {

/// One finished set on a strength or functional station.
struct strength_set {
  std::int32_t number = 1;
  std::int32_t reps = 0;
  double weight_kg = 0;
  std::optional<double> duration_seconds;
  std::optional<double> rest_seconds;
  std::optional<std::string> exercise;

  friend bool operator==(const strength_set&, const strength_set&) = default;
};
BOOST_DESCRIBE_STRUCT(strength_set, (), (number, reps, weight_kg, duration_seconds, rest_seconds, exercise))

/// What was odd about a sample that was kept all the same. One bit each when stored: append only.
enum class sample_flag : std::uint8_t {
  distance_against_speed,
  strokes_against_rate,
  energy_too_fast,
};
BOOST_DESCRIBE_ENUM(sample_flag, distance_against_speed, strokes_against_rate, energy_too_fast)

/// One moment of one machine, as kept. It names the machine's link, never a member.
struct sample {
  /// From 1 in each epoch, without holes.
  std::int64_t seq = 0;
  /// The machine's clock, as it was sent.
  instant at{};
  /// Server's clock minus the machine's as it was last measured; 0 while it was within a second.
  std::int64_t clock_offset_ms = 0;
  /// Nil when the machine was not linked, or did not know it.
  uuid link_id;
  /// The machine's own counter.
  double elapsed_seconds = 0;
  measures values;
  std::optional<strength_set> set;
  /// Bits of `sample_flag`.
  std::uint8_t flags = 0;

  /// `at` on the server's clock.
  [[nodiscard]] instant corrected_at() const noexcept { return at + std::chrono::milliseconds{clock_offset_ms}; }
  [[nodiscard]] bool has(sample_flag flag) const noexcept { return ((flags >> static_cast<unsigned>(flag)) & 1U) != 0; }
  void raise(sample_flag flag) noexcept {
    flags = static_cast<std::uint8_t>(flags | (1U << static_cast<unsigned>(flag)));
  }

  friend bool operator==(const sample&, const sample&) = default;
};

/// Where a sample is from.
struct sample_source {
  uuid machine_id;
  nxg::epoch epoch;

  friend auto operator<=>(const sample_source&, const sample_source&) = default;
};

}  // namespace nxg
