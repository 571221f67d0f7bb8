#include "services/training/training_week.hpp"

#include "services/planning/member_profile.hpp"
#include "services/training/errors.hpp"
#include "utilities/time_zones.hpp"

#include <algorithm>
#include <utility>

namespace nxg::training {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr std::size_t plans_looked_at = 60;
constexpr std::size_t entries_looked_at = 60;

/// The main exercises of a day that are not left out; none for a rest day or one that is skipped.
planned_session session_of(const merged_day& day) {
  planned_session session{day.day_order, {}};
  if (day.is_rest_day || day.skipped) return session;
  for (const auto& section : day.categories) {
    if (section.category_type != plan_section::core) continue;
    for (const auto& entry : section.exercises) {
      if (!entry.skipped) session.exercises.push_back(exercise_key(entry));
    }
  }
  return session;
}

schema::local_date date_of(sys_days monday, std::int32_t weekday) { return sys_days{monday + days{weekday - 1}}; }

const merged_day* day_named(const std::vector<merged_day>& all, std::int32_t order) {
  const auto found =
      std::ranges::find_if(all, [&](const merged_day& day) { return day.day_order == order && !day.is_rest_day; });
  return found == all.end() ? nullptr : &*found;
}

bool is_trained(const session_done& one) { return one.on && one.share() >= trained_share; }

/// Today's picture of the week, put together step by step.
class week_picture {
 public:
  week_picture(today_view& view, sys_days monday, schema::local_date plan_begins)
      : view_{view}, monday_{monday}, today_{weekday_of(view.date)}, plan_begins_{plan_begins} {
    for (const auto& day : view.followed.merged.days) {
      if (day.is_rest_day) continue;
      auto session = session_of(day);
      auto& row = view_.week.emplace_back(
          session_of_week{day.day_order, day.day_name, day.muscle_group, session_state::later, std::nullopt});
      if (session.exercises.empty()) {
        row.state = session_state::skipped;
      } else {
        sessions_.push_back(std::move(session));
      }
    }
  }

  void fill(const logged_week& logged, std::optional<std::int32_t> rest_day) {
    std::vector<std::int32_t> open;
    for (const auto& one : match_sessions(sessions_, logged)) {
      auto& row = row_of(one.day_order);
      if (is_trained(one)) {
        row.state = session_state::done;
        row.on = date_of(monday_, *one.on);
        if (*one.on == today_) done_today_ = one.day_order;
      } else if (date_of(monday_, one.day_order) < plan_begins_) {
        row.state = session_state::before_plan;
      } else {
        open.push_back(one.day_order);
      }
    }
    const auto rest = line_up(open, today_, rest_day, done_today_.has_value());
    for (const auto lapsed : rest.lapsed) row_of(lapsed).state = session_state::lapsed;
    for (const auto& [weekday, session] : rest.later) row_of(session).on = date_of(monday_, weekday);
    if (rest.due) {
      row_of(*rest.due).state = session_state::due;
      row_of(*rest.due).on = view_.date;
    }
    say(rest, rest_day);
  }

 private:
  session_of_week& row_of(std::int32_t order) {
    return *std::ranges::find(view_.week, order, &session_of_week::day_order);
  }

  void say(const lineup& rest, std::optional<std::int32_t> rest_day) {
    const auto shown = done_today_ ? done_today_ : rest.due;
    if (shown) {
      view_.status = done_today_ ? day_status::done : day_status::due;
      view_.day = *day_named(view_.followed.merged.days, *shown);
      view_.shifted = *shown != today_;
    } else {
      view_.status = rest_day == today_ ? day_status::rest : day_status::none_due;
    }
    if (!rest.later.empty()) {
      const auto& [weekday, session] = *rest.later.begin();
      set_next(date_of(monday_, weekday), session);
    } else if (!sessions_.empty()) {
      const auto first = std::ranges::min(sessions_, {}, &planned_session::day_order).day_order;
      set_next(date_of(monday_ + days{7}, first), first);
    }
  }

  void set_next(schema::local_date date, std::int32_t session) {
    const auto* day = day_named(view_.followed.merged.days, session);
    view_.next = next_session{date, session, day->day_name, day->muscle_group};
  }

  today_view& view_;
  sys_days monday_;
  std::int32_t today_;
  schema::local_date plan_begins_;
  std::vector<planned_session> sessions_;
  std::optional<std::int32_t> done_today_;
};

std::optional<std::int32_t> rest_day_of(const user& member) {
  if (!member.rest_day) return std::nullopt;
  return static_cast<std::int32_t>(*member.rest_day);
}

prescription prescription_of(const plan_exercise& entry) {
  prescription asked;
  asked.sets = entry.sets;
  asked.seconds = entry.duration_seconds;
  asked.weight_kg = entry.weight_kg;
  if (entry.reps_min) asked.reps_min = *entry.reps_min;
  if (entry.reps_max) asked.reps_max = *entry.reps_max;
  asked.reps_max = std::max(asked.reps_max, asked.reps_min);
  return asked;
}

/// The main exercises of a plan, each once, with what it asks for.
std::vector<std::pair<uuid, prescription>> main_exercises(const merged_plan& plan) {
  std::vector<std::pair<uuid, prescription>> result;
  for (const auto& day : plan.days) {
    if (day.skipped) continue;
    for (const auto& section : day.categories) {
      if (section.category_type != plan_section::core) continue;
      for (const auto& entry : section.exercises) {
        if (entry.skipped || !entry.exercise_id) continue;
        const auto known = std::ranges::find(result, *entry.exercise_id, [](const auto& one) { return one.first; });
        if (known == result.end()) result.emplace_back(*entry.exercise_id, prescription_of(entry));
      }
    }
  }
  return result;
}

}  // namespace

task<logged_week> training_week::logged(uuid member, sys_days monday) {
  const auto logs = co_await parts_.logs.between(member, monday, sys_days{monday + days{6}});
  logged_week result;
  for (const auto& one : logs) result[weekday_of(one.local_date)].insert(one.exercise_id.to_string());
  co_return result;
}

task<today_view> training_week::today(uuid member) {
  today_view view;
  view.followed = co_await parts_.plans.followed(member);
  const auto& who = view.followed.member;
  view.time_zone = who.time_zone.value();
  view.date = utilities::local_date_at(parts_.time.now(), view.time_zone);
  view.session = co_await parts_.visits.active_of(member);
  const auto monday = monday_of(view.date);
  const auto week = co_await logged(member, monday);
  if (const auto now = week.find(weekday_of(view.date)); now != week.end()) view.logged = now->second;
  const auto begins = utilities::local_date_at(view.followed.plan.created_at, view.time_zone);
  week_picture{view, monday, begins}.fill(week, rest_day_of(who));
  co_return view;
}

/// Which plan was followed when, with its changes.
struct training_week::history {
  const followed_plan& now;
  std::vector<workout_plan> plans;  ///< newest first
  std::string zone;

  /// The session planned for a day; nothing where none was.
  [[nodiscard]] std::optional<merged_day> planned_on(schema::local_date date) const {
    const auto plan = std::ranges::find_if(
        plans, [&](const workout_plan& one) { return utilities::local_date_at(one.created_at, zone) <= date; });
    if (plan == plans.end()) return std::nullopt;
    const overlay_rules by{*now.library, now.limits};
    auto changes = changes_of(plan->id);
    // A day that was over when the member skipped it was planned all the same.
    std::erase_if(changes, [&](const overlay_change& one) {
      return one.op == overlay_op::skip && utilities::local_date_at(one.at, zone) > date;
    });
    const auto merged = merge(plan->content, changes, by);
    const auto* day = day_named(merged.days, weekday_of(date));
    return day == nullptr ? std::nullopt : std::optional{*day};
  }

  [[nodiscard]] std::vector<overlay_change> changes_of(const uuid& plan) const {
    if (now.overlay.plan_id == plan) return now.overlay.changes;
    const auto past = std::ranges::find(now.overlay.past, plan, &past_overlay::plan_id);
    return past == now.overlay.past.end() ? std::vector<overlay_change>{} : past->changes;
  }

  [[nodiscard]] adherence_week week(sys_days monday, schema::local_date today, const logged_week& logged) const {
    adherence_week result{.week_start = monday, .week_end = sys_days{monday + days{6}}};
    std::vector<planned_session> sessions;
    std::map<std::int32_t, std::string> labels;
    for (std::int32_t weekday = 1; weekday <= 7; ++weekday) {
      const auto date = date_of(monday, weekday);
      const auto day = planned_on(date);
      if (!day) continue;
      auto session = session_of(*day);
      if (session.exercises.empty()) continue;
      labels[weekday] = day->muscle_group;
      sessions.push_back(std::move(session));
    }
    double shares = 0;
    for (const auto& one : match_sessions(sessions, logged)) {
      const auto date = date_of(monday, one.day_order);
      // What is still to come is no failure; done ahead of its day it counts.
      if (date >= today && !is_trained(one)) continue;
      adherence_session row{date, labels[one.day_order], one.planned, one.done, one.share() >= completed_share, {}};
      if (one.on) row.done_on = date_of(monday, *one.on);
      ++result.planned_sessions;
      if (row.completed) ++result.completed_sessions;
      result.planned_exercises += one.planned;
      result.done_exercises += one.done;
      shares += one.share();
      result.sessions.push_back(std::move(row));
    }
    if (result.planned_sessions > 0)
      result.adherence_percent = 100 * shares / static_cast<double>(result.planned_sessions);
    return result;
  }
};

task<std::vector<adherence_week>> training_week::adherence(uuid member, int weeks) {
  const auto now = co_await parts_.plans.followed(member);
  history past{now, {}, now.member.time_zone.value()};
  past.plans = co_await parts_.past_plans.followed_by(member, plans_looked_at);
  const auto today = utilities::local_date_at(parts_.time.now(), past.zone);
  std::vector<adherence_week> result;
  auto monday = monday_of(today);
  for (int i = 0; i < weeks; ++i, monday -= days{7}) {
    const auto done = co_await logged(member, monday);
    result.push_back(past.week(monday, today, done));
  }
  co_return result;
}

task<exercise_advice> training_week::advice_for(uuid member, const exercise& one, prescription asked,
                                                schema::local_date today) {
  progression_facts facts;
  facts.asked = asked;
  facts.equipment = one.equipment;
  facts.lower_body = std::ranges::find(one.muscle_groups, muscle_group::legs) != one.muscle_groups.end();
  facts.today = today;
  const auto newest = co_await parts_.logs.newest(member, one.id, entries_looked_at);
  facts.days = trained_days(newest);
  co_return exercise_advice{one.id, one.name, advise(facts)};
}

task<std::vector<exercise_advice>> training_week::progression(uuid member, std::optional<uuid> exercise) {
  std::optional<followed_plan> plan;
  try {
    plan = co_await parts_.plans.followed(member);
  } catch (const api_error& error) {
    if (error.code() != error_code::plan_not_found || !exercise) throw;
  }
  auto who = plan ? std::optional{plan->member} : std::nullopt;
  if (!who) who = co_await parts_.members(member);
  if (!who) throw not_found("member");
  const auto limits = planning::restrictions_of(*who);
  const auto library = co_await parts_.exercises.current();
  auto wanted = plan ? main_exercises(plan->merged) : std::vector<std::pair<uuid, prescription>>{};
  if (exercise) {
    std::erase_if(wanted, [&](const auto& one) { return one.first != *exercise; });
    if (wanted.empty()) wanted.emplace_back(*exercise, prescription{});
  }
  const auto today = utilities::local_date_at(parts_.time.now(), who->time_zone.value());
  std::vector<exercise_advice> result;
  for (const auto& [id, asked] : wanted) {
    const auto* known = library->find(id);
    if (known == nullptr && exercise) throw exercise_not_found();
    const bool safe = known != nullptr && limits.understood() && limits.allows(*known);
    if (!safe && exercise) throw contraindicated();
    if (!safe) continue;
    auto advice = co_await advice_for(member, *known, asked, today);
    result.push_back(std::move(advice));
  }
  co_return result;
}

}  // namespace nxg::training
