#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nxg::training {

/// A training day of a plan, as far as counting goes.
struct planned_session {
  /// 1 is Monday.
  std::int32_t day_order = 1;
  /// Keys of its main exercises that are not skipped (see `exercise_key`).
  std::vector<std::string> exercises;
};

/// What was logged in a week: by weekday (1 is Monday), keys of exercises.
using logged_week = std::map<std::int32_t, std::set<std::string>>;

struct session_done {
  std::int32_t day_order = 1;
  /// The day it was (mostly) done on.
  std::optional<std::int32_t> on;
  std::int64_t planned = 0;
  std::int64_t done = 0;
  [[nodiscard]] double share() const noexcept {
    return planned == 0 ? 0 : static_cast<double>(done) / static_cast<double>(planned);
  }
};

/// From this share of its exercises on, a session counts as trained: it is not due again this week.
inline constexpr double trained_share = 0.5;
/// From this share on it counts as completed.
inline constexpr double completed_share = 0.8;

/// Which day served which session: each day one session and each session one day, those that fit best first, then in
/// the order of the week. One per session, in the order given.
[[nodiscard]] std::vector<session_done> match_sessions(const std::vector<planned_session>& sessions,
                                                       const logged_week& logged);

/// What is due today, and what follows from it for the rest of the week.
struct lineup {
  /// The session due today; nothing: none is.
  std::optional<std::int32_t> due;
  /// Sessions of this week that are still to come: when, and which; today's apart.
  std::map<std::int32_t, std::int32_t> later;
  /// Missed, and there is no day left for them.
  std::vector<std::int32_t> lapsed;
};

/// Lines up the sessions that are still open. The days left this week (today included unless something was trained
/// today, never the rest day) are filled in the order of the plan; no session comes before its own day; a missed one
/// takes the next day left and the later ones move back as long as there is room; where there are more sessions than
/// days, those missed the longest lapse.
[[nodiscard]] lineup line_up(const std::vector<std::int32_t>& open, std::int32_t today,
                             std::optional<std::int32_t> rest_day, bool trained_today);

/// The Monday of the date's week (ISO 8601), and 1 for Monday to 7.
[[nodiscard]] std::chrono::sys_days monday_of(std::chrono::year_month_day date);
[[nodiscard]] std::int32_t weekday_of(std::chrono::year_month_day date);

}  // namespace nxg::training
