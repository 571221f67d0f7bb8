#include "services/accounts/requests.hpp"

#include "schema/reflection.hpp"
#include "utilities/password_rules.hpp"

#include <boost/mp11/algorithm.hpp>

#include <array>
#include <chrono>
#include <string>

namespace nxg {

namespace {

// Calls `visit(key)` for each field that is present.
template <class Visit>
void for_each_given(const profile_update& update, Visit visit) {
  const auto look = [&]<auto Member>() {
    if (update.*Member) visit(schema::path_of<Member>());
  };
  look.template operator()<&profile_update::name>();
  look.template operator()<&profile_update::date_of_birth>();
  look.template operator()<&profile_update::gender>();
  look.template operator()<&profile_update::height_cm>();
  look.template operator()<&profile_update::weight_kg>();
  look.template operator()<&profile_update::target_weight_kg>();
  look.template operator()<&profile_update::activity_level>();
  look.template operator()<&profile_update::level>();
  look.template operator()<&profile_update::goal>();
  look.template operator()<&profile_update::rest_day>();
  look.template operator()<&profile_update::health_conditions>();
  look.template operator()<&profile_update::allergies>();
  look.template operator()<&profile_update::diet_preferences>();
  look.template operator()<&profile_update::time_zone>();
}

}  // namespace

void registration::check(const registration& given, schema::problems& found) {
  const std::array<std::string_view, 3> own_words{given.username.value(), given.email.value(), given.name.value()};
  if (const auto problem = utilities::problem_of_password(given.password.value(), own_words)) {
    found.add_at("/password", problem->code, std::string{problem->message});
  }
  if (given.password.value() != given.confirm_password.value()) {
    found.add_at("/confirmPassword", "not_equal", "must be the same as password", {"/password"});
  }
}

void diet_preference_changes::check(const diet_preference_changes& given, schema::problems& found) {
  if (!given.cuisine_preferences && !given.dietary_restrictions) found.add("empty", "must have at least one field");
  diet_preferences all;
  all.cuisine_preferences = given.cuisine_preferences.value_or(all.cuisine_preferences);
  all.dietary_restrictions = given.dietary_restrictions.value_or(all.dietary_restrictions);
  diet_preferences::check(all, found);
}

void profile_update::check(const profile_update& given, schema::problems& found) {
  if (changed_fields(given).empty()) found.add("empty", "must have at least one field");
  // What is true at any time; how old one must be is told by the account's zone and the clock (`check_age`).
  constexpr auto earliest =
      std::chrono::year_month_day{std::chrono::year{1900}, std::chrono::January, std::chrono::day{1}};
  if (given.date_of_birth && *given.date_of_birth < earliest)
    found.add_at("/dateOfBirth", "out_of_range", "must be a date of the last 120 years");
}

void role_change::check(const role_change& given, schema::problems& found) {
  const bool works_somewhere = given.branches && !given.branches->empty();
  const bool is_scoped = given.role == staff_role::staff || given.role == staff_role::trainer;
  if (is_scoped && !works_somewhere)
    found.add_at("/branches", "required", "staff and trainers work at branches", {"/role"});
  if (!is_scoped && works_somewhere)
    found.add_at("/branches", "not_allowed", "only staff and trainers work at branches", {"/role"});
}

std::string changed_fields(const profile_update& update) {
  std::string names;
  for_each_given(update, [&](std::string_view key) {
    if (!names.empty()) names += ' ';
    names += key;
  });
  return names;
}

}  // namespace nxg
