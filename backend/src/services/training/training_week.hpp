#pragma once

#include "models/visit.hpp"
#include "repositories/exercise_logs.hpp"
#include "repositories/visits.hpp"
#include "repositories/workout_plans.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "services/training/customisation.hpp"
#include "services/training/progression.hpp"
#include "services/training/week.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nxg::training {

/// `due`: train now. `done`: today's training is done. `rest`: the member's rest day. `none_due`: nothing is due today.
enum class day_status : std::uint8_t { due, done, rest, none_due };
BOOST_DESCRIBE_ENUM(day_status, due, done, rest, none_due)

/// `later`: still to come this week. `lapsed`: missed, and no day is left for it. `skipped`: by the member.
/// `before_plan`: its day was before the plan was made.
enum class session_state : std::uint8_t { done, due, later, lapsed, skipped, before_plan };
BOOST_DESCRIBE_ENUM(session_state, done, due, later, lapsed, skipped, before_plan)

struct session_of_week {
  std::int32_t day_order = 1;
  std::string day_name;
  std::string muscle_group;
  session_state state = session_state::later;
  /// When it was done, or is to be done.
  std::optional<schema::local_date> on;
};

struct next_session {
  schema::local_date date{};
  std::int32_t day_order = 1;
  std::string day_name;
  std::string muscle_group;
};

struct today_view {
  followed_plan followed;
  schema::local_date date{};
  std::string time_zone;
  day_status status = day_status::none_due;
  /// The day that is due, or was done.
  std::optional<merged_day> day;
  /// Its own day was an earlier (or later) one.
  bool shifted = false;
  /// Keys of the exercises logged today.
  std::set<std::string> logged;
  std::vector<session_of_week> week;
  std::optional<next_session> next;
  /// The visit going on.
  std::optional<visit> session;
};

/// A planned session of a past day.
struct adherence_session {
  schema::local_date date{};
  std::string muscle_group;
  std::int64_t planned_exercises = 0;
  std::int64_t done_exercises = 0;
  bool completed = false;
  std::optional<schema::local_date> done_on;
};

struct adherence_week {
  schema::local_date week_start{};
  schema::local_date week_end{};
  std::int64_t planned_sessions = 0;
  std::int64_t completed_sessions = 0;
  std::int64_t planned_exercises = 0;
  std::int64_t done_exercises = 0;
  /// The mean over the planned sessions; absent where none was planned.
  std::optional<double> adherence_percent;
  std::vector<adherence_session> sessions;
};

struct exercise_advice {
  uuid exercise_id;
  std::string exercise_name;
  progression_advice advice;
};

/// What of the plan is due, what was done of it, and what comes next. Days are those of the member's zone; what was
/// logged counts on the date it was frozen to.
class training_week {
 public:
  struct parts {
    customisation& plans;
    repositories::workout_plans& past_plans;
    repositories::exercise_logs& logs;
    visit_repository& visits;
    exercises::catalogue& exercises;
    planning::member_reader members;
    runtime::clock& time;
  };
  explicit training_week(parts with) : parts_{std::move(with)} {}

  /// Throws plan_not_found.
  task<today_view> today(uuid member);
  /// The last `weeks` ISO weeks, the present one first. A session counts once its day is over (today's once it is
  /// done); skipped exercises and days do not.
  task<std::vector<adherence_week>> adherence(uuid member, int weeks);
  /// For one exercise, or the main ones of the plan. Throws exercise_not_found, plan_not_safe for one that is ruled
  /// out, plan_not_found where none is named and there is no plan.
  task<std::vector<exercise_advice>> progression(uuid member, std::optional<uuid> exercise);

 private:
  struct history;
  task<logged_week> logged(uuid member, std::chrono::sys_days monday);
  task<exercise_advice> advice_for(uuid member, const exercise& one, prescription asked, schema::local_date today);

  parts parts_;
};

}  // namespace nxg::training
