#pragma once

#include "schema/types.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>

namespace nxg {

enum class theme : std::uint8_t { light, dark, auto_ };
BOOST_DESCRIBE_ENUM(theme, light, dark, auto_)
enum class unit_system : std::uint8_t { metric, imperial };
BOOST_DESCRIBE_ENUM(unit_system, metric, imperial)
enum class week_start : std::uint8_t { monday, sunday };
BOOST_DESCRIBE_ENUM(week_start, monday, sunday)
enum class profile_visibility : std::uint8_t { friends, public_, private_ };
BOOST_DESCRIBE_ENUM(profile_visibility, friends, public_, private_)

struct language_rule {
  static constexpr std::size_t min_length = 2;
  static constexpr std::size_t max_length = 5;
  static constexpr std::string_view format = "";
  static constexpr std::string_view pattern = "^[a-z]{2}(-[A-Z]{2})?$";
  static constexpr std::string_view expectation = "must be a language such as en or pt-BR";
  static bool accept(std::string& text);
};
using language_name = schema::formatted<language_rule>;

using rest_seconds = schema::bounded<std::int32_t, 30, 300>;

struct notification_preferences {
  bool workout_reminders = true;
  bool meal_reminders = true;
  bool achievement_alerts = true;
  bool social_updates = false;
  bool weekly_reports = true;
  bool push_notifications = true;
  bool email_notifications = true;
  bool sms_notifications = false;
};
BOOST_DESCRIBE_STRUCT(notification_preferences, (),
                      (workout_reminders, meal_reminders, achievement_alerts, social_updates, weekly_reports,
                       push_notifications, email_notifications, sms_notifications))

/// The time zone is the account's own (`user::time_zone`).
struct app_configuration {
  nxg::theme theme = nxg::theme::auto_;
  language_name language = std::string{"en"};
  unit_system units = unit_system::metric;
  week_start start_of_week = week_start::monday;
  bool auto_sync = true;
};
BOOST_DESCRIBE_STRUCT(app_configuration, (), (theme, language, units, start_of_week, auto_sync))

struct workout_preferences {
  bool rest_timer_sound = true;
  bool form_tips = true;
  bool auto_progress_photos = false;
  /// Seconds.
  rest_seconds default_rest_time = 60;
};
BOOST_DESCRIBE_STRUCT(workout_preferences, (), (rest_timer_sound, form_tips, auto_progress_photos, default_rest_time))

struct diet_reminders {
  bool calorie_goal_reminders = true;
  bool meal_plan_notifications = true;
  bool nutrition_insights = true;
  bool water_reminders = true;
};
BOOST_DESCRIBE_STRUCT(diet_reminders, (),
                      (calorie_goal_reminders, meal_plan_notifications, nutrition_insights, water_reminders))

/// How a member wants the apps to behave. Default-made: what holds until they say otherwise.
struct preferences {
  notification_preferences notifications{};
  nxg::app_configuration app_configuration{};
  workout_preferences workout{};
  diet_reminders diet{};
};
BOOST_DESCRIBE_STRUCT(preferences, (), (notifications, app_configuration, workout, diet))

/// What others may see. Whatever these say, the owner can always export everything.
struct privacy_settings {
  bool share_basic_metrics = true;
  bool share_body_composition = false;
  bool share_health_conditions = false;
  bool share_progress_photos = false;
  bool share_workout_data = true;
  bool share_nutrition_data = false;
  nxg::profile_visibility profile_visibility = nxg::profile_visibility::friends;
  bool allow_health_data_export = true;
};
BOOST_DESCRIBE_STRUCT(privacy_settings, (),
                      (share_basic_metrics, share_body_composition, share_health_conditions, share_progress_photos,
                       share_workout_data, share_nutrition_data, profile_visibility, allow_health_data_export))

}  // namespace nxg
