#include "services/training/week.hpp"

#include <algorithm>
#include <tuple>

namespace nxg::training {
namespace {

std::int64_t overlap(const planned_session& session, const std::set<std::string>& logged) {
  return std::ranges::count_if(session.exercises, [&](const auto& key) { return logged.contains(key); });
}

struct fit {
  double share = 0;
  std::size_t session = 0;
  std::int32_t weekday = 0;
  std::int64_t done = 0;
};

// Nothing when they do not all find a day.
std::optional<std::map<std::int32_t, std::int32_t>> placed(const std::vector<std::int32_t>& open, std::int32_t first,
                                                           std::optional<std::int32_t> rest_day) {
  std::map<std::int32_t, std::int32_t> days;
  std::int32_t next = first;
  for (const auto session : open) {
    auto day = std::max(next, session);
    if (rest_day == day) ++day;
    if (day > 7) return std::nullopt;
    days[day] = session;
    next = day + 1;
  }
  return days;
}

}  // namespace

std::vector<session_done> match_sessions(const std::vector<planned_session>& sessions, const logged_week& logged) {
  std::vector<session_done> result;
  std::vector<fit> fits;
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    const auto planned = static_cast<std::int64_t>(sessions[i].exercises.size());
    result.push_back({sessions[i].day_order, std::nullopt, planned, 0});
    for (const auto& [weekday, keys] : logged) {
      const auto done = overlap(sessions[i], keys);
      if (done > 0) fits.push_back({static_cast<double>(done) / static_cast<double>(planned), i, weekday, done});
    }
  }
  std::ranges::sort(fits, [](const fit& a, const fit& b) {
    return std::tuple{-a.share, a.session, a.weekday} < std::tuple{-b.share, b.session, b.weekday};
  });
  std::set<std::int32_t> used;
  for (const auto& one : fits) {
    auto& session = result[one.session];
    if (session.on || used.contains(one.weekday)) continue;
    session.on = one.weekday;
    session.done = one.done;
    used.insert(one.weekday);
  }
  return result;
}

lineup line_up(const std::vector<std::int32_t>& open, std::int32_t today, std::optional<std::int32_t> rest_day,
               bool trained_today) {
  lineup result;
  auto left = open;
  std::ranges::sort(left);
  const auto first = trained_today ? today + 1 : today;
  auto days = placed(left, first, rest_day);
  while (!days) {
    // Never empty here: no session at all always has its place.
    result.lapsed.push_back(left.front());
    left.erase(left.begin());
    days = placed(left, first, rest_day);
  }
  if (const auto now = days->find(today); now != days->end()) {
    result.due = now->second;
    days->erase(now);
  }
  result.later = std::move(*days);
  return result;
}

std::chrono::sys_days monday_of(std::chrono::year_month_day date) {
  const std::chrono::sys_days day{date};
  return day - (std::chrono::weekday{day} - std::chrono::Monday);
}

std::int32_t weekday_of(std::chrono::year_month_day date) {
  return static_cast<std::int32_t>(std::chrono::weekday{std::chrono::sys_days{date}}.iso_encoding());
}

}  // namespace nxg::training
