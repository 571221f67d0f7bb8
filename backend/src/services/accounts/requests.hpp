#pragma once

#include "models/user.hpp"
#include "schema/problems.hpp"
#include "schema/types.hpp"
#include "utilities/jwt.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nxg {

/// Long enough for whatever somebody types; the rules for new passwords are told apart from that.
using typed_password = schema::text<1, 1024>;

struct registration {
  user_name username;
  schema::email email;
  typed_password password;
  typed_password confirm_password;
  person_name name;
  std::optional<time_zone_name> time_zone;

  static constexpr schema::note descriptions[] = {
      {"password", "10 to 128 characters; none of the passwords that are guessed first"},
      {"time_zone", "Of the IANA database; UTC when absent"},
  };
  static void check(const registration& given, schema::problems& found);
};
BOOST_DESCRIBE_STRUCT(registration, (), (username, email, password, confirm_password, name, time_zone))

struct credentials {
  schema::email email;
  typed_password password;
};
BOOST_DESCRIBE_STRUCT(credentials, (), (email, password))

struct refresh_request {
  schema::text<1, 256> refresh_token;
};
BOOST_DESCRIBE_STRUCT(refresh_request, (), (refresh_token))

struct logout_request {
  std::optional<schema::text<1, 256>> refresh_token;
};
BOOST_DESCRIBE_STRUCT(logout_request, (), (refresh_token))

/// As `diet_preferences`; what is absent stays as it is.
struct diet_preference_changes {
  std::optional<std::map<std::string, std::vector<std::string>>> cuisine_preferences;
  std::optional<std::vector<dietary_restriction>> dietary_restrictions;

  static constexpr schema::note descriptions[] = {
      {"cuisine_preferences",
       "By kind, at most 10 of at most 10 entries, each of 1 to 40 characters; all of them are replaced"},
      {"dietary_restrictions", "All of them are replaced; an empty list removes them"},
  };
  static void check(const diet_preference_changes& given, schema::problems& found);
};
BOOST_DESCRIBE_STRUCT(diet_preference_changes, (), (cuisine_preferences, dietary_restrictions))

/// What to change; what is absent stays as it is.
struct profile_update {
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
  std::optional<diet_preference_changes> diet_preferences;
  std::optional<time_zone_name> time_zone;

  static constexpr schema::note descriptions[] = {
      {"health_conditions", "Needs consent of type health_data; an empty list removes them"},
      {"allergies", "Needs consent of type health_data; an empty list removes them"},
      {"diet_preferences", "What diet plans keep to where the request for one names nothing else"},
      {"time_zone", "Of the IANA database"},
  };
  static void check(const profile_update& given, schema::problems& found);
};
BOOST_DESCRIBE_STRUCT(profile_update, (),
                      (name, date_of_birth, gender, height_cm, weight_kg, target_weight_kg, activity_level, level, goal,
                       rest_day, health_conditions, allergies, diet_preferences, time_zone))

struct consent_decision {
  consent_kind type = consent_kind::health_data;
  /// Of the text that was shown.
  schema::text<1, 40> version;
  bool granted = false;
};
BOOST_DESCRIBE_STRUCT(consent_decision, (), (type, version, granted))

struct status_change {
  bool is_active = true;
  std::optional<schema::text<1, 500>> reason;
  static constexpr schema::note descriptions[] = {
      {"reason", "Kept with the account until its status changes again, encrypted; shown to admins"}};
};
BOOST_DESCRIBE_STRUCT(status_change, (), (is_active, reason))

enum class staff_role : std::uint8_t { member, trainer, staff, admin };
BOOST_DESCRIBE_ENUM(staff_role, member, trainer, staff, admin)

struct role_change {
  staff_role role = staff_role::member;
  /// Where staff and trainers work; empty for the others.
  std::optional<schema::list<uuid, 0, utilities::max_token_scopes>> branches;

  static constexpr schema::note descriptions[] = {
      {"branches", "Where staff and trainers work; left out or empty for the others"}};

  static void check(const role_change& given, schema::problems& found);
};
BOOST_DESCRIBE_STRUCT(role_change, (), (role, branches))

/// The names of the fields an update sets, as on the wire, separated by spaces.
[[nodiscard]] std::string changed_fields(const profile_update& update);

}  // namespace nxg
