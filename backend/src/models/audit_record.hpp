#pragma once

#include "models/role.hpp"
#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg {

enum class audit_event : std::uint8_t {
  user_registration,
  user_login,
  auth_failure,
  token_refresh,
  refresh_token_reuse,
  user_logout,
  all_sessions_ended,
  session_revoke,
  profile_update,
  consent_changed,
  admin_created,
  user_status_update,
  role_changed,
  keys_rotated,
  access_denied,
  privileged_request,
  branch_created,
  screen_enrolled,
  machine_enrolled,
  machine_key_rotated,
  gym_check_in,
  gym_check_out,
  body_metrics_update,
  health_data_read,
  preferences_update,
  privacy_update,
  machine_unlinked,
};
BOOST_DESCRIBE_ENUM(audit_event, user_registration, user_login, auth_failure, token_refresh, refresh_token_reuse,
                    user_logout, all_sessions_ended, session_revoke, profile_update, consent_changed, admin_created,
                    user_status_update, role_changed, keys_rotated, access_denied, privileged_request, branch_created,
                    screen_enrolled, machine_enrolled, machine_key_rotated, gym_check_in, gym_check_out,
                    body_metrics_update, health_data_read, preferences_update, privacy_update, machine_unlinked)

/// What happened, who did it to whom, and how it ended. Written once. People are named by pseudonyms.
struct audit_record {
  uuid id{};
  std::int64_t version = 0;
  audit_event event = audit_event::privileged_request;
  instant at{};
  /// Absent: nobody known (a failed login), or the operator at the machine.
  std::optional<uuid> actor{};
  std::optional<nxg::role> actor_role{};
  std::optional<uuid> subject{};
  std::optional<uuid> branch_id{};
  bool success = true;
  /// The error code of a failure, the operation of a privileged request and the ids of what it was about, names of
  /// changed fields; never values, and no id of an account.
  std::string detail{};
  std::optional<uuid> request_id{};
  /// Of the caller's address, the first 24 (IPv4) or 48 bits: enough to see an attack, too little to follow a person.
  std::string network{};
  std::string user_agent{};

  /// Each process writes one chain per day; every record holds the hash of the one before.
  std::string chain{};
  std::int64_t sequence = 0;
  std::string previous_hash{};
  std::string hash{};
};
BOOST_DESCRIBE_STRUCT(audit_record, (),
                      (id, version, event, at, actor, actor_role, subject, branch_id, success, detail, request_id,
                       network, user_agent, chain, sequence, previous_hash, hash))

store::declaration<audit_record> declare(store::tag<audit_record>);

/// Who a pseudonym of the audit records stands for. Erasing a person erases this.
struct pseudonym {
  /// The account.
  uuid id{};
  std::int64_t version = 0;
  uuid stands_as{};
};
BOOST_DESCRIBE_STRUCT(pseudonym, (), (id, version, stands_as))

store::declaration<pseudonym> declare(store::tag<pseudonym>);

}  // namespace nxg
