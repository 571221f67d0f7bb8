#pragma once

#include <boost/describe/enum.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace nxg {

/// What a machine can say about a moment, in the words and units of Bluetooth FTMS. The order is that of the stored
/// text (`models/sample_text.hpp`): append only.
enum class measure : std::uint8_t {
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
};
BOOST_DESCRIBE_ENUM(measure, speed_kmh, incline_percent, distance_meters, heart_rate_bpm, power_watts, cadence_rpm,
                    stroke_rate_spm, stroke_count, steps_per_minute, floors, resistance_level, energy_kcal)

inline constexpr std::size_t measure_count = 12;

/// The values of one sample; a value that was not sent is absent, never 0.
class measures {
 public:
  [[nodiscard]] bool has(measure what) const noexcept { return (present_ & bit(what)) != 0; }
  [[nodiscard]] double at(measure what) const noexcept { return values_[static_cast<std::size_t>(what)]; }
  [[nodiscard]] std::optional<double> find(measure what) const noexcept {
    return has(what) ? std::optional{at(what)} : std::nullopt;
  }
  void set(measure what, double value) noexcept {
    values_[static_cast<std::size_t>(what)] = value;
    present_ = static_cast<std::uint16_t>(present_ | bit(what));
  }
  void set(measure what, const std::optional<double>& value) noexcept {
    if (value) set(what, *value);
  }
  /// One bit per measure, in the order of the enum.
  [[nodiscard]] std::uint16_t present() const noexcept { return present_; }

  static constexpr std::uint16_t bit(measure what) noexcept {
    return static_cast<std::uint16_t>(1U << static_cast<unsigned>(what));
  }

  friend bool operator==(const measures&, const measures&) = default;

 private:
  std::array<double, measure_count> values_{};
  std::uint16_t present_ = 0;
};

/// The name on the wire, e.g. `speedKmh`.
[[nodiscard]] std::string_view wire_name(measure what) noexcept;

}  // namespace nxg
