#pragma once

#include "models/user.hpp"
#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nxg {

/// Whoever has a link may read the file until it ends.
struct account_avatar_urls {
  std::optional<std::string> mesh{};
  std::optional<std::string> thumbnail{};
  instant expires_at{};
};
BOOST_DESCRIBE_STRUCT(account_avatar_urls, (), (mesh, thumbnail, expires_at))

/// The avatar of the member's last scan.
struct account_avatar {
  uuid scan_id{};
  std::int32_t version = 0;
  account_avatar_urls urls{};
};
BOOST_DESCRIBE_STRUCT(account_avatar, (), (scan_id, version, urls))

/// An account as its owner sees it.
struct account_view {
  uuid id{};
  std::string username{};
  std::string email{};
  bool email_verified = false;
  std::string name{};
  nxg::role role = nxg::role::member;
  bool is_active = true;
  instant created_at{};
  instant updated_at{};
  std::optional<instant> last_login_at{};
  std::optional<schema::local_date> date_of_birth{};
  /// Completed years, today in the member's time zone.
  std::optional<std::int32_t> age{};
  std::optional<nxg::gender> gender{};
  std::optional<double> height_cm{};
  std::optional<double> weight_kg{};
  std::optional<double> target_weight_kg{};
  std::optional<nxg::activity_level> activity_level{};
  std::optional<difficulty_level> level{};
  std::optional<training_goal> goal{};
  std::optional<weekday> rest_day{};
  std::optional<std::vector<std::string>> health_conditions{};
  std::optional<std::vector<std::string>> allergies{};
  std::optional<nxg::diet_preferences> diet_preferences{};
  std::string time_zone{};
  std::vector<consent> consents{};
  /// Where the whole profile is read; its links hold five minutes.
  std::optional<account_avatar> avatar{};
};
BOOST_DESCRIBE_STRUCT(account_view, (),
                      (id, username, email, email_verified, name, role, is_active, created_at, updated_at,
                       last_login_at, date_of_birth, age, gender, height_cm, weight_kg, target_weight_kg,
                       activity_level, level, goal, rest_day, health_conditions, allergies, diet_preferences, time_zone,
                       consents, avatar))

[[nodiscard]] account_view view_of(const user& account, instant now);

/// An account as admins see it: nothing of the member's body and health.
struct administered_account {
  uuid id{};
  std::string username{};
  std::string email{};
  bool email_verified = false;
  std::string name{};
  nxg::role role = nxg::role::member;
  /// Of staff and trainers: where they work.
  std::vector<uuid> branches{};
  bool is_active = true;
  /// Why it is active or suspended, if that was said.
  std::optional<std::string> status_reason{};
  instant created_at{};
  instant updated_at{};
  std::optional<instant> last_login_at{};
  static constexpr std::string_view schema_name = "AdministeredAccount";
};
BOOST_DESCRIBE_STRUCT(administered_account, (),
                      (id, username, email, email_verified, name, role, branches, is_active, status_reason, created_at,
                       updated_at, last_login_at))

[[nodiscard]] administered_account administered(const user& account);

struct token_pair {
  std::string access_token{};
  std::string refresh_token{};
  instant access_token_expires_at{};
  instant refresh_token_expires_at{};
};
BOOST_DESCRIBE_STRUCT(token_pair, (), (access_token, refresh_token, access_token_expires_at, refresh_token_expires_at))

struct signed_in {
  account_view user{};
  token_pair tokens{};
};
BOOST_DESCRIBE_STRUCT(signed_in, (), (user, tokens))

/// A login session as its owner sees it.
struct session_view {
  uuid session_id{};
  instant created_at{};
  instant last_used_at{};
  instant expires_at{};
  std::string user_agent{};
  std::string ip_address{};
  /// The one that asks.
  bool current = false;
};
BOOST_DESCRIBE_STRUCT(session_view, (),
                      (session_id, created_at, last_used_at, expires_at, user_agent, ip_address, current))

}  // namespace nxg
