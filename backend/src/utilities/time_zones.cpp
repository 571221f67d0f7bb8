#include "utilities/time_zones.hpp"

#include <date/tz.h>

#include <stdexcept>

namespace nxg::utilities {

namespace {

const date::time_zone* find_zone(std::string_view name) {
  // The names of the database hold nothing else; a path must not reach the file system.
  constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
  if (name.empty() || name.size() > 64 || name.find_first_not_of(allowed) != name.npos) return nullptr;
  try {
    return date::locate_zone(name);
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

const date::time_zone& zone_of(std::string_view name) {
  const auto* zone = find_zone(name);
  if (zone == nullptr) throw std::invalid_argument{"no such time zone: " + std::string{name}};
  return *zone;
}

using local_milliseconds = date::local_time<std::chrono::milliseconds>;

local_milliseconds local_at(instant when, std::string_view zone) {
  return zone_of(zone).to_local(date::sys_time<std::chrono::milliseconds>{when.time_since_epoch()});
}

}  // namespace

bool is_time_zone(std::string_view name) { return find_zone(name) != nullptr; }

std::chrono::year_month_day local_date_at(instant when, std::string_view zone) {
  const auto day = date::floor<date::days>(local_at(when, zone));
  return std::chrono::year_month_day{std::chrono::local_days{std::chrono::days{day.time_since_epoch().count()}}};
}

std::chrono::milliseconds local_time_of_day(instant when, std::string_view zone) {
  const auto local = local_at(when, zone);
  return local - date::floor<date::days>(local);
}

instant at_local(std::chrono::year_month_day date, std::chrono::milliseconds time_of_day, std::string_view zone) {
  const auto day = std::chrono::local_days{date}.time_since_epoch();
  const local_milliseconds local{std::chrono::duration_cast<std::chrono::milliseconds>(day) + time_of_day};
  return instant{zone_of(zone).to_sys(local, date::choose::earliest).time_since_epoch()};
}

int age_on(std::chrono::year_month_day birth, std::chrono::year_month_day today) noexcept {
  const int years = static_cast<int>(today.year()) - static_cast<int>(birth.year());
  const bool still_to_come =
      today.month() < birth.month() || (today.month() == birth.month() && today.day() < birth.day());
  return still_to_come ? years - 1 : years;
}

}  // namespace nxg::utilities
