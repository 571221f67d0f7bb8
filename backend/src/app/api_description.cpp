#include "app/api_description.hpp"

#include "app/version.hpp"
#include "services/error_codes.hpp"

#include <limits>
#include <map>
#include <string>
#include <type_traits>

namespace nxg::app {

namespace {

std::vector<http::api_description::tag> tags() {
  return {
      {"Accounts", "Registration, login, access tokens and the keys they are signed with."},
      {"Users", "Profile, consents, preferences, privacy; for admins also role and status."},
      {"Body metrics", "The body over time, and the formulas behind every computed figure."},
      {"Scans", "Body scans: uploads, measurements, avatars."},
      {"Branches", "The branches of the gym, and the screens at their entrances."},
      {"Sessions", "Visits: the check-in code, checking in and out."},
      {"Machines", "Machines, who trains on them, and what they send."},
      {"Workouts", "What was trained, the plan in force and its changes, the diary, records, the exercise library."},
      {"Planning", "Workout plans: made, waited for, put away."},
      {"Nutrition", "Foods, diet plans, meals, water, and what a day comes to."},
      {"Points", "What points are given for, the balance and its entries."},
      {"Events", "What the devices of a member missed while they were away."},
      {"Health", "Whether the backend and the services it calls are well."}};
}

std::map<std::string, std::string> meanings() {
  std::map<std::string, std::string> result;
  for (unsigned number = 0; number <= std::numeric_limits<std::underlying_type_t<error_code>>::max(); ++number) {
    const auto code = static_cast<error_code>(number);
    const auto meaning = meaning_of(code);
    if (!meaning.empty()) result.emplace(name_of(code), meaning);
  }
  return result;
}

}  // namespace

http::api_description describe_api() {
  http::api_description result;
  result.title = "NXG Connect";
  result.version = version;
  result.description =
      "The backend of a chain of connected gyms. Successful answers are `{\"success\":true,\"data\":…,\"meta\":…}`, "
      "errors are RFC 9457 problems with a stable `code` and, for a bad request, every wrong field at once. Lists are "
      "keyset pages (`limit`, `cursor`). Units are metric and stand in the names; times are RFC 3339 UTC.";
  result.tags = tags();
  result.code_meanings = meanings();
  for (const auto code : {error_code::unauthenticated, error_code::token_invalid, error_code::token_expired,
                          error_code::token_revoked, error_code::forbidden, error_code::rate_limited, error_code::busy,
                          error_code::unavailable, error_code::outcome_unknown, error_code::security_state_stale}) {
    result.common_errors.push_back({std::string{name_of(code)}, status_of(code)});
  }
  return result;
}

}  // namespace nxg::app
