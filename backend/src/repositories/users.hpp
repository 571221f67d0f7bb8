#pragma once

#include "models/user.hpp"
#include "store/collection.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace nxg {

/// What a member may change about themselves; what is absent stays.
struct profile_changes {
  std::optional<person_name> name;
  std::optional<schema::local_date> date_of_birth;
  std::optional<nxg::gender> gender;
  std::optional<body_height_cm> height_cm;
  std::optional<body_weight_kg> weight_kg;
  std::optional<body_weight_kg> target_weight_kg;
  std::optional<nxg::activity_level> activity_level;
  std::optional<difficulty_level> level;
  std::optional<training_goal> goal;
  std::optional<weekday> rest_day;
  std::optional<health_notes> health_conditions;
  std::optional<health_notes> allergies;
  std::optional<nxg::diet_preferences> diet_preferences;
  std::optional<time_zone_name> time_zone;
  /// The record of what this changes of the body: kept with it in one write. Its composition and measurements become
  /// the member's.
  std::optional<body_record> record;
};

/// Accounts. Errors are those of the store.
class user_repository {
 public:
  explicit user_repository(store::database& in) : users_{in} {}

  /// `duplicate` of index "username" or "email".
  task<void> insert(user account);
  task<std::optional<user>> find(uuid id);
  task<std::optional<user>> find_by_email(schema::email email);

  /// A login from an address with that hash; `new_hash` replaces the password's where it was outdated. Nothing when the
  /// account is not active any more.
  task<std::optional<user>> record_login(uuid id, instant at, std::string address_hash,
                                         std::optional<std::string> new_hash);

  /// With `expected`, `version_conflict` where the account is at another version. `not_found` when it is not active.
  task<user> change_profile(uuid id, profile_changes changes, instant at, std::optional<std::int64_t> expected);
  task<user> set_consents(uuid id, std::vector<consent> consents, instant at, std::int64_t expected);
  /// Errors as `change_profile`; at that version only.
  task<user> set_macros(uuid id, macro_targets targets, instant valid_until, instant at, std::int64_t expected);
  task<user> set_preferences(uuid id, preferences all, std::optional<time_zone_name> zone, instant at,
                             std::int64_t expected);
  task<user> set_privacy(uuid id, privacy_settings all, instant at, std::int64_t expected);
  task<user> set_role(uuid id, role as, std::vector<uuid> branches, instant at);
  task<user> set_status(uuid id, account_status status, std::optional<std::string> reason, instant at);

 private:
  store::collection<user> users_;
};

}  // namespace nxg
