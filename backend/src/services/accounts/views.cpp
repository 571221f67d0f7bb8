#include "services/accounts/views.hpp"

#include "utilities/time_zones.hpp"

namespace nxg {

namespace {

template <class Value>
std::optional<double> plain(const std::optional<schema::encrypted<Value>>& sealed) {
  if (!sealed) return std::nullopt;
  return static_cast<double>(sealed->value());
}

std::optional<std::vector<std::string>> plain(const std::optional<schema::encrypted<health_notes>>& sealed) {
  if (!sealed) return std::nullopt;
  std::vector<std::string> notes;
  for (const auto& note : sealed->value()) notes.push_back(note.value());
  return notes;
}

template <class Value>
std::optional<Value> opened(const std::optional<schema::encrypted<Value>>& sealed) {
  if (!sealed) return std::nullopt;
  return sealed->value();
}

std::optional<std::int32_t> age_of(const user& account, instant now) {
  if (!account.date_of_birth) return std::nullopt;
  return utilities::age_on(*account.date_of_birth, utilities::local_date_at(now, account.time_zone.value()));
}

}  // namespace

account_view view_of(const user& account, instant now) {
  return {
      .id = account.id,
      .username = account.username.value(),
      .email = account.email.value(),
      .email_verified = account.email_verified,
      .name = account.name.value(),
      .role = account.role,
      .is_active = account.status == account_status::active,
      .created_at = account.created_at,
      .updated_at = account.updated_at,
      .last_login_at = account.last_login_at,
      .date_of_birth = account.date_of_birth,
      .age = age_of(account, now),
      .gender = account.gender,
      .height_cm = plain(account.height_cm),
      .weight_kg = plain(account.weight_kg),
      .target_weight_kg = plain(account.target_weight_kg),
      .activity_level = account.activity_level,
      .level = account.level,
      .goal = account.goal,
      .rest_day = account.rest_day,
      .health_conditions = plain(account.health_conditions),
      .allergies = plain(account.allergies),
      .diet_preferences = opened(account.diet_preferences),
      .time_zone = account.time_zone.value(),
      .consents = account.consents,
  };
}

administered_account administered(const user& account) {
  return {
      .id = account.id,
      .username = account.username.value(),
      .email = account.email.value(),
      .email_verified = account.email_verified,
      .name = account.name.value(),
      .role = account.role,
      .branches = account.staff_branches,
      .is_active = account.status == account_status::active,
      .status_reason = opened(account.status_reason),
      .created_at = account.created_at,
      .updated_at = account.updated_at,
      .last_login_at = account.last_login_at,
  };
}

}  // namespace nxg
