#include "services/planning/member_profile.hpp"

#include "models/words.hpp"

#include <boost/describe/enum_to_string.hpp>

#include <algorithm>
#include <utility>

namespace nxg::planning {
namespace {

api_error profile_incomplete(std::vector<field_error> missing) {
  return api_error{error_code::profile_incomplete, "Complete your profile first: a plan is made from it."}.with_fields(
      std::move(missing));
}

bool withdrew_consent(const user& member) {
  const auto of_health = [](const consent& one) { return one.type == consent_kind::health_data; };
  return std::ranges::any_of(member.consents, of_health) && !member.consents_to(consent_kind::health_data);
}

}  // namespace

std::vector<field_error> missing_fields(const user& member) {
  std::vector<field_error> missing;
  const auto require = [&](bool given, const char* name) {
    if (!given) missing.push_back({std::string{"/"} + name, "required", "is missing in the profile"});
  };
  require(member.level.has_value(), "level");
  require(member.goal.has_value(), "goal");
  require(member.date_of_birth.has_value(), "dateOfBirth");
  require(member.height_cm.has_value(), "heightCm");
  require(member.weight_kg.has_value(), "weightKg");
  return missing;
}

training_need need_of(const user& member, const plan_options& options, instant now) {
  if (auto missing = missing_fields(member); !missing.empty()) throw profile_incomplete(std::move(missing));
  training_need need;
  need.level = *member.level;
  need.goal = *member.goal;
  need.age_years = age_on(std::chrono::floor<std::chrono::days>(now), *member.date_of_birth);
  need.height_cm = member.height_cm->value();
  need.weight_kg = member.weight_kg->value();
  if (member.activity_level)
    need.activity_level = plain_words(boost::describe::enum_to_string(*member.activity_level, ""));
  if (member.rest_day) need.rest_day = static_cast<std::int32_t>(*member.rest_day);
  need.weekly_workout_days = options.weekly_workout_days;
  if (member.health_conditions) {
    for (const auto& condition : member.health_conditions->value()) need.health_conditions.push_back(condition);
  }
  need.preferences = options.preferences;
  return need;
}

restrictions restrictions_of(const user& member) {
  std::vector<std::string> conditions;
  if (member.health_conditions) {
    for (const auto& condition : member.health_conditions->value()) conditions.push_back(condition);
  }
  return restrictions::of(conditions);
}

plan_basis basis_of(const training_need& need) {
  return {need.level, need.goal, need.weekly_workout_days, need.rest_day, need.preferences};
}

bool may_go_outside(const user& member, const training_need& need) {
  if (withdrew_consent(member)) return false;
  return need.health_conditions.empty() || member.consents_to(consent_kind::health_data);
}

std::int32_t age_on(std::chrono::year_month_day today, std::chrono::year_month_day born) {
  const auto years = static_cast<int>(today.year()) - static_cast<int>(born.year());
  const bool before_birthday = std::pair{today.month(), today.day()} < std::pair{born.month(), born.day()};
  return years - (before_birthday ? 1 : 0);
}

}  // namespace nxg::planning
