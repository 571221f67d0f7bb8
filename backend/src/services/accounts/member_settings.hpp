#pragma once

#include "models/preferences.hpp"
#include "models/user.hpp"
#include "repositories/users.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "schema/problems.hpp"
#include "services/accounts/audit.hpp"
#include "services/caller.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace nxg {

/// What to change, of each category only what is given; the rest stays.
struct notification_changes {
  std::optional<bool> workout_reminders{};
  std::optional<bool> meal_reminders{};
  std::optional<bool> achievement_alerts{};
  std::optional<bool> social_updates{};
  std::optional<bool> weekly_reports{};
  std::optional<bool> push_notifications{};
  std::optional<bool> email_notifications{};
  std::optional<bool> sms_notifications{};
};
BOOST_DESCRIBE_STRUCT(notification_changes, (),
                      (workout_reminders, meal_reminders, achievement_alerts, social_updates, weekly_reports,
                       push_notifications, email_notifications, sms_notifications))

struct app_configuration_changes {
  std::optional<nxg::theme> theme{};
  std::optional<language_name> language{};
  std::optional<time_zone_name> timezone{};
  std::optional<unit_system> units{};
  std::optional<week_start> start_of_week{};
  std::optional<bool> auto_sync{};

  static constexpr schema::note descriptions[] = {{"timezone", "The account's own, also `timeZone` of the profile"}};
};
BOOST_DESCRIBE_STRUCT(app_configuration_changes, (), (theme, language, timezone, units, start_of_week, auto_sync))

struct workout_preference_changes {
  std::optional<bool> rest_timer_sound{};
  std::optional<bool> form_tips{};
  std::optional<bool> auto_progress_photos{};
  std::optional<rest_seconds> default_rest_time{};

  static constexpr schema::note descriptions[] = {{"default_rest_time", "Seconds"}};
};
BOOST_DESCRIBE_STRUCT(workout_preference_changes, (),
                      (rest_timer_sound, form_tips, auto_progress_photos, default_rest_time))

struct diet_reminder_changes {
  std::optional<bool> calorie_goal_reminders{};
  std::optional<bool> meal_plan_notifications{};
  std::optional<bool> nutrition_insights{};
  std::optional<bool> water_reminders{};
};
BOOST_DESCRIBE_STRUCT(diet_reminder_changes, (),
                      (calorie_goal_reminders, meal_plan_notifications, nutrition_insights, water_reminders))

struct preference_changes {
  std::optional<notification_changes> notifications{};
  std::optional<app_configuration_changes> app_configuration{};
  std::optional<workout_preference_changes> workout{};
  std::optional<diet_reminder_changes> diet{};

  static void check(const preference_changes& given, schema::problems& found);
};
BOOST_DESCRIBE_STRUCT(preference_changes, (), (notifications, app_configuration, workout, diet))

struct privacy_changes {
  std::optional<bool> share_basic_metrics{};
  std::optional<bool> share_body_composition{};
  std::optional<bool> share_health_conditions{};
  std::optional<bool> share_progress_photos{};
  std::optional<bool> share_workout_data{};
  std::optional<bool> share_nutrition_data{};
  std::optional<nxg::profile_visibility> profile_visibility{};
  std::optional<bool> allow_health_data_export{};

  static constexpr schema::note descriptions[] = {
      {"allow_health_data_export", "By others; the owner may always export everything"}};
  static void check(const privacy_changes& given, schema::problems& found);
};
BOOST_DESCRIBE_STRUCT(privacy_changes, (),
                      (share_basic_metrics, share_body_composition, share_health_conditions, share_progress_photos,
                       share_workout_data, share_nutrition_data, profile_visibility, allow_health_data_export))

struct app_configuration_view {
  nxg::theme theme = nxg::theme::auto_;
  std::string language{};
  std::string timezone{};
  unit_system units = unit_system::metric;
  week_start start_of_week = week_start::monday;
  bool auto_sync = true;
};
BOOST_DESCRIBE_STRUCT(app_configuration_view, (), (theme, language, timezone, units, start_of_week, auto_sync))

struct preferences_view {
  notification_preferences notifications{};
  app_configuration_view app_configuration{};
  workout_preferences workout{};
  diet_reminders diet{};
};
BOOST_DESCRIBE_STRUCT(preferences_view, (), (notifications, app_configuration, workout, diet))

template <class View>
struct versioned_settings {
  View value;
  std::int64_t version = 0;
};

/// How members want the apps to behave, and what others may see of them. Errors besides: `not_found` (no such account),
/// `precondition_failed` (the account is not at `expected`), `busy` where others were faster again and again, and what
/// the store throws. Thread-safe.
class member_settings {
 public:
  member_settings(user_repository& users, audit_log& audit, runtime::clock& time)
      : users_{users}, audit_{audit}, time_{time} {}

  task<versioned_settings<preferences_view>> preferences_of(uuid member);
  task<versioned_settings<preferences_view>> change_preferences(caller who, uuid member, preference_changes given,
                                                                std::optional<std::int64_t> expected,
                                                                request_origin origin);
  task<versioned_settings<privacy_settings>> privacy_of(uuid member);
  task<versioned_settings<privacy_settings>> change_privacy(caller who, uuid member, privacy_changes given,
                                                            std::optional<std::int64_t> expected,
                                                            request_origin origin);

 private:
  task<user> account_of(uuid member, std::optional<std::int64_t> expected);
  task<void> note(audit_event what, caller who, uuid member, request_origin origin);

  user_repository& users_;
  audit_log& audit_;
  runtime::clock& time_;
};

}  // namespace nxg
