#include "services/visits/auto_end.hpp"

#include "utilities/time_zones.hpp"

#include <algorithm>

namespace nxg::visits {
namespace {

using std::chrono::minutes;

/// The closing of the opening time that begins on `date` and holds `when`; nothing when there is none.
std::optional<instant> closing_on(std::chrono::year_month_day date, instant when,
                                  const std::vector<opening_hours>& hours, std::string_view zone) {
  const auto weekday = std::chrono::weekday{std::chrono::sys_days{date}}.iso_encoding();
  const auto day =
      std::ranges::find(hours, static_cast<std::int32_t>(weekday), [](const auto& one) { return one.weekday.value(); });
  if (day == hours.end()) return std::nullopt;
  const auto opens = utilities::at_local(date, minutes{day->open_minute.value()}, zone);
  auto closing_date = date;
  if (day->close_minute <= day->open_minute)
    closing_date = std::chrono::year_month_day{std::chrono::sys_days{date} + std::chrono::days{1}};
  // 24:00 is the midnight after.
  auto close_minute = day->close_minute.value();
  if (close_minute == 24 * 60) {
    close_minute = 0;
    closing_date = std::chrono::year_month_day{std::chrono::sys_days{closing_date} + std::chrono::days{1}};
  }
  const auto closes = utilities::at_local(closing_date, minutes{close_minute}, zone);
  return when >= opens && when < closes ? std::optional{closes} : std::nullopt;
}

}  // namespace

end_by_clock auto_end_of(instant check_in, const std::vector<opening_hours>& hours, std::string_view time_zone) {
  end_by_clock end{check_in + longest_visit, visit_end::max_duration};
  const auto today = utilities::local_date_at(check_in, time_zone);
  const auto yesterday = std::chrono::year_month_day{std::chrono::sys_days{today} - std::chrono::days{1}};
  for (const auto& date : {yesterday, today}) {
    const auto closes = closing_on(date, check_in, hours, time_zone);
    if (closes && *closes < end.at) end = {*closes, visit_end::closing};
  }
  return end;
}

}  // namespace nxg::visits
