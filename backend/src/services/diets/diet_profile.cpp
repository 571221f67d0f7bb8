#include "services/diets/diet_profile.hpp"

#include "models/words.hpp"
#include "services/planning/member_profile.hpp"

#include <boost/describe/enum_to_string.hpp>

#include <algorithm>
#include <utility>

namespace nxg::diets {
namespace {

api_error profile_incomplete(std::vector<field_error> missing) {
  return api_error{error_code::profile_incomplete, "Complete your profile first: a diet plan is made from it."}
      .with_fields(std::move(missing));
}

api_error loss_not_safe() {
  return {error_code::plan_not_safe,
          "At this weight, or towards that target, no plan for losing weight is made. Choose another goal, and ask a "
          "doctor or a trainer."};
}

double bmi_of(double weight_kg, double height_cm) { return weight_kg / (height_cm * height_cm / 10'000); }

std::vector<std::string> plain(const std::optional<schema::encrypted<health_notes>>& notes) {
  std::vector<std::string> texts;
  if (notes) {
    for (const auto& text : notes->value()) texts.push_back(text.value());
  }
  return texts;
}

}  // namespace

std::vector<std::string> allergies_of(const user& member) { return plain(member.allergies); }

std::vector<dietary_restriction> restrictions_of(const user& member, const diet_wishes& wishes) {
  auto restrictions = wishes.restrictions;
  if (restrictions.empty() && member.diet_preferences)
    restrictions = member.diet_preferences->value().dietary_restrictions;
  // In order: the same wishes make the same request to the service.
  std::ranges::sort(restrictions);
  return restrictions;
}

std::vector<field_error> missing_fields(const user& member) {
  std::vector<field_error> missing;
  const auto require = [&](bool given, const char* name) {
    if (!given) missing.push_back({std::string{"/"} + name, "required", "is missing in the profile"});
  };
  require(member.goal.has_value(), "goal");
  require(member.date_of_birth.has_value(), "dateOfBirth");
  require(member.height_cm.has_value(), "heightCm");
  require(member.weight_kg.has_value(), "weightKg");
  require(member.gender.has_value(), "gender");
  return missing;
}

diet_need need_of(const user& member, const diet_wishes& wishes, const target_maker& targets, instant now) {
  if (auto missing = missing_fields(member); !missing.empty()) throw profile_incomplete(std::move(missing));
  diet_need need;
  need.goal = *member.goal;
  need.age_years = planning::age_on(std::chrono::floor<std::chrono::days>(now), *member.date_of_birth);
  need.gender = *member.gender;
  need.height_cm = member.height_cm->value();
  need.weight_kg = member.weight_kg->value();
  need.target_weight_kg = need.weight_kg;
  if (member.target_weight_kg) need.target_weight_kg = member.target_weight_kg->value();
  if (wishes.target_weight_kg) need.target_weight_kg = *wishes.target_weight_kg;
  need.bmi = bmi_of(need.weight_kg, need.height_cm);
  const bool thin = std::min(need.bmi, bmi_of(need.target_weight_kg, need.height_cm)) < least_bmi_for_weight_loss;
  if (need.goal == training_goal::weight_loss && thin) throw loss_not_safe();
  if (member.activity_level)
    need.activity_level = plain_words(boost::describe::enum_to_string(*member.activity_level, ""));
  need.allergies = allergies_of(member);
  need.health_conditions = plain(member.health_conditions);
  need.restrictions = restrictions_of(member, wishes);
  if (member.diet_preferences) need.cuisines = member.diet_preferences->value().cuisine_preferences;
  if (!wishes.cuisines.empty()) need.cuisines = {{"Preferred", wishes.cuisines}};
  need.meals_per_day = wishes.meals_per_day;
  const auto daily = targets(member, wishes, now);
  if (!daily) throw profile_incomplete({{"/activityLevel", "required", "is missing in the profile"}});
  need.targets = *daily;
  return need;
}

diet_basis basis_of(const diet_need& need) {
  return {need.goal, need.target_weight_kg, need.restrictions, need.allergies, need.cuisines, need.meals_per_day};
}

bool is_for(const diet_basis& basis, const diet_need& need) { return basis == basis_of(need); }

bool may_go_outside(const user& member) { return member.consents_to(consent_kind::health_data); }

}  // namespace nxg::diets
