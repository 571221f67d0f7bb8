#pragma once

#include "models/body.hpp"
#include "models/body_metrics.hpp"
#include "models/diet_preferences.hpp"
#include "models/exercise.hpp"
#include "models/macro_targets.hpp"
#include "models/preferences.hpp"
#include "models/role.hpp"
#include "models/time_zone_name.hpp"
#include "models/training_need.hpp"
#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "schema/types.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg {

enum class account_status : std::uint8_t { active, suspended, erased };
BOOST_DESCRIBE_ENUM(account_status, active, suspended, erased)

/// The numbers are those of ISO 8601.
enum class weekday : std::uint8_t { monday = 1, tuesday, wednesday, thursday, friday, saturday, sunday };
BOOST_DESCRIBE_ENUM(weekday, monday, tuesday, wednesday, thursday, friday, saturday, sunday)

enum class consent_kind : std::uint8_t { health_data };
BOOST_DESCRIBE_ENUM(consent_kind, health_data)

struct user_name_rule {
  static constexpr std::size_t min_length = 3;
  static constexpr std::size_t max_length = 30;
  static constexpr std::string_view format = "";
  static constexpr std::string_view pattern = "^[A-Za-z0-9_]{3,30}$";
  static constexpr std::string_view expectation = "must be letters, digits and underscores";
  static bool accept(std::string& text);
};
/// Unique without regard to case, kept as its owner spells it.
using user_name = schema::formatted<user_name_rule>;

struct person_name_rule {
  static constexpr std::size_t min_length = 1;
  static constexpr std::size_t max_length = 100;
  static constexpr std::string_view format = "";
  static constexpr std::string_view pattern = "";
  static constexpr std::string_view expectation = "must be letters, spaces, hyphens, apostrophes and full stops";
  static bool accept(std::string& text);
};
/// A person's name in any script; white space is tidied.
using person_name = schema::formatted<person_name_rule>;

/// Conditions or allergens in the member's own words.
using health_notes = schema::list<schema::text<1, 100>, 0, 50>;

/// One decision about one consent, with the version of the text that was shown. Never changed but for its withdrawal.
struct consent {
  consent_kind type = consent_kind::health_data;
  std::string version{};
  instant granted_at{};
  std::optional<instant> withdrawn_at{};
};
BOOST_DESCRIBE_STRUCT(consent, (), (type, version, granted_at, withdrawn_at))

/// An account: a member, or somebody who works for the gym.
struct user {
  uuid id{};
  std::int64_t version = 0;
  user_name username{};
  /// `username` in lower case: what is unique.
  std::string username_key{};
  schema::email email{};
  bool email_verified = false;
  person_name name{};
  std::string password_hash{};
  nxg::role role = nxg::role::member;
  /// Of staff and trainers: where they work.
  std::vector<uuid> staff_branches{};
  account_status status = account_status::active;
  /// Why, in an admin's words; of the last change of the status only.
  std::optional<schema::encrypted<std::string>> status_reason{};
  instant created_at{};
  instant updated_at{};
  std::optional<instant> last_login_at{};
  /// Hashes of the last addresses somebody logged in from: guessing is limited more where it comes from others.
  std::vector<std::string> known_addresses{};

  std::optional<schema::local_date> date_of_birth{};
  std::optional<nxg::gender> gender{};
  std::optional<schema::encrypted<body_height_cm>> height_cm{};
  std::optional<schema::encrypted<body_weight_kg>> weight_kg{};
  std::optional<schema::encrypted<body_weight_kg>> target_weight_kg{};
  std::optional<nxg::activity_level> activity_level{};
  std::optional<difficulty_level> level{};
  std::optional<training_goal> goal{};
  std::optional<weekday> rest_day{};
  std::optional<schema::encrypted<health_notes>> health_conditions{};
  std::optional<schema::encrypted<health_notes>> allergies{};
  /// Sealed: it may tell of a religion, or of a body.
  std::optional<schema::encrypted<nxg::diet_preferences>> diet_preferences{};
  time_zone_name time_zone = std::string{"UTC"};
  /// In the order they were given.
  std::vector<consent> consents{};

  std::optional<schema::encrypted<nxg::body_composition>> body_composition{};
  std::optional<schema::encrypted<nxg::body_measurements>> body_measurements{};
  /// The newest record of the body's history, in the same write as what it changed. The history gets it from here: at
  /// once, by `body_metrics_changed`, at the latest with the next change.
  std::optional<schema::encrypted<body_record>> last_body_record{};
  std::optional<schema::encrypted<macro_targets>> current_macros{};
  std::optional<instant> macros_valid_until{};
  /// Absent: the defaults.
  std::optional<nxg::preferences> preferences{};
  std::optional<privacy_settings> privacy{};

  /// Whether the latest decision about it is a yes.
  [[nodiscard]] bool consents_to(consent_kind kind) const noexcept;
};
BOOST_DESCRIBE_STRUCT(user, (),
                      (id, version, username, username_key, email, email_verified, name, password_hash, role,
                       staff_branches, status, status_reason, created_at, updated_at, last_login_at, known_addresses,
                       date_of_birth, gender, height_cm, weight_kg, target_weight_kg, activity_level, level, goal,
                       rest_day, health_conditions, allergies, diet_preferences, time_zone, consents, body_composition,
                       body_measurements, last_body_record, current_macros, macros_valid_until, preferences, privacy))

store::declaration<user> declare(store::tag<user>);

/// Something changed of which plans are made: those in force may not suit any more. Carries no value: they are health
/// data.
struct plan_basis_changed {
  uuid member_id;
};
BOOST_DESCRIBE_STRUCT(plan_basis_changed, (), (member_id))
store::event_declaration<plan_basis_changed> declare(store::tag<plan_basis_changed>);

/// Ends what the member has going on in a gym.
struct account_suspended {
  uuid member_id;
  instant at{};
};
BOOST_DESCRIBE_STRUCT(account_suspended, (), (member_id, at))
store::event_declaration<account_suspended> declare(store::tag<account_suspended>);

}  // namespace nxg
