#pragma once

#include "repositories/branches.hpp"
#include "repositories/users.hpp"
#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "services/accounts/attempts.hpp"
#include "services/accounts/audit.hpp"
#include "services/accounts/keys.hpp"
#include "services/accounts/requests.hpp"
#include "services/accounts/sessions.hpp"
#include "services/accounts/views.hpp"
#include "services/api_error.hpp"
#include "services/body/metrics.hpp"
#include "services/caller.hpp"
#include "utilities/password_hashing.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nxg {

struct account_settings {
  /// Completed years a member must have.
  int minimum_age = 16;
};

/// An account with the version of its document.
struct versioned_account {
  account_view account;
  std::int64_t version = 0;
};

/// Accounts of people: how they begin, prove who they are, and change.
class account_service {
 public:
  account_service(user_repository users, session_service& sessions, key_service& keys, revocation_list& revocations,
                  audit_log& audit, attempt_limits& attempts, body::metrics& bodies, branch_repository branches,
                  utilities::password_hasher& passwords, runtime::clock& time, runtime::random& random,
                  account_settings settings = {});

  /// Always a member. Throws username_taken, email_taken.
  task<signed_in> register_member(registration wanted, request_origin origin);
  /// Throws credentials_invalid, the same in the same time whatever was wrong; rate_limited.
  task<signed_in> login(credentials shown, request_origin origin);

  task<versioned_account> own(caller who);
  /// With `expected`, precondition_failed when the account is at another version. Throws invalid_request,
  /// consent_required, busy where others were faster again and again.
  task<versioned_account> update_own(caller who, profile_update update, std::optional<std::int64_t> expected,
                                     request_origin origin);
  /// Records a decision; a repeated one changes nothing.
  task<versioned_account> decide_consent(caller who, consent_decision decision, request_origin origin);

  /// By an admin: a suspended account is out at once, and its visit ends. Throws not_found; forbidden for one's own
  /// account.
  task<administered_account> set_active(caller admin, uuid account, status_change change, request_origin origin);
  /// Ends its tokens and sessions where the process that suspended it came no further; any number of times.
  task<void> on_suspended(account_suspended event);

  /// By an admin: all sessions of the account end at once, the next login has the new role. Throws not_found; forbidden
  /// for one's own account; invalid_request with every branch that there is not.
  task<administered_account> set_role(caller admin, uuid account, role_change change, request_origin origin);

  /// By the operator at the machine, beside a running server or without one. Returns the new admin's id.
  /// Throws invalid_request (address, password), email_taken.
  task<uuid> create_admin(std::string email, std::string password);

 private:
  task<signed_in> sign_in(user account, request_origin origin);
  /// Counts and records it; what the caller is told.
  task<api_error> failed_login(std::optional<user> account, std::string address, request_origin origin);
  task<std::vector<uuid>> workplaces(role_change change);
  /// Ends all sessions of an account and everything that goes by their tokens.
  task<void> end_everywhere(uuid account);
  void check_age(const profile_update& update, const user& account) const;

  user_repository users_;
  session_service& sessions_;
  key_service& keys_;
  revocation_list& revocations_;
  audit_log& audit_;
  attempt_limits& attempts_;
  body::metrics& bodies_;
  branch_repository branches_;
  utilities::password_hasher& passwords_;
  runtime::clock& time_;
  runtime::random& random_;
  account_settings settings_;
};

}  // namespace nxg
