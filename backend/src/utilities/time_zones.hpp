#pragma once

#include "runtime/clock.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

namespace nxg::utilities {

/// Whether `name` is a zone of the system's IANA database, e.g. `Europe/Berlin`; spelling and case count.
[[nodiscard]] bool is_time_zone(std::string_view name);

/// The functions below throw `std::invalid_argument` when `is_time_zone(zone)` is false.

/// The date on the calendars of that zone at that moment.
[[nodiscard]] std::chrono::year_month_day local_date_at(instant when, std::string_view zone);

/// Local time since the midnight that began the day, by the clock on the wall: 0 to just under 24 h.
[[nodiscard]] std::chrono::milliseconds local_time_of_day(instant when, std::string_view zone);

/// The moment a wall clock of that zone shows this date and time; the earlier one when it shows it twice, the moment of
/// the jump when it never does (daylight saving).
[[nodiscard]] instant at_local(std::chrono::year_month_day date, std::chrono::milliseconds time_of_day,
                               std::string_view zone);

/// So many days before; 0000-01-01, the first day there is a way to write, where that is earlier.
[[nodiscard]] inline std::chrono::year_month_day days_before(std::chrono::year_month_day date, std::chrono::days ago) {
  constexpr std::chrono::sys_days first{std::chrono::year{0} / 1 / 1};
  return std::max(std::chrono::sys_days{date} - ago, first);
}

/// When that local day begins.
[[nodiscard]] inline instant start_of_day(std::chrono::year_month_day date, std::string_view zone) {
  return at_local(date, std::chrono::milliseconds{0}, zone);
}

/// Years completed on `today` by one born on `birth`; one born on 29 February completes them on 1 March.
[[nodiscard]] int age_on(std::chrono::year_month_day birth, std::chrono::year_month_day today) noexcept;

}  // namespace nxg::utilities
