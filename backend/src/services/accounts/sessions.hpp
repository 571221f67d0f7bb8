#pragma once

#include "repositories/refresh_families.hpp"
#include "repositories/users.hpp"
#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "services/accounts/attempts.hpp"
#include "services/accounts/audit.hpp"
#include "services/accounts/revocations.hpp"
#include "services/accounts/tokens.hpp"
#include "services/accounts/views.hpp"
#include "services/caller.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nxg {

struct session_settings {
  /// Of a refresh token.
  std::chrono::hours refresh_life{24 * 7};
  /// Of a session, however often it is refreshed.
  std::chrono::hours longest_session{24 * 90};
  /// How long a lost answer may be asked for again with the token that was rotated.
  std::chrono::seconds retry_window{30};
  /// Sessions of one account; at most 100. A login beyond them ends the oldest.
  std::size_t most_per_account = 50;
};

/// Login sessions: one family of refresh tokens each. A token is used once; one that comes again, however late, was
/// copied, and its session ends, except where only the answer to its first use may have been lost.
class session_service {
 public:
  session_service(user_repository users, refresh_family_repository families, token_service& tokens,
                  revocation_list& revocations, audit_log& audit, attempt_limits& attempts, runtime::clock& time,
                  runtime::random& random, session_settings settings = {});

  /// A new session of somebody who has proved who they are. Throws credentials_invalid where the account is not active
  /// any more.
  task<token_pair> open(uuid account, request_origin origin);
  /// Throws refresh_token_invalid, refresh_token_reused, rate_limited.
  task<token_pair> refresh(std::string token, request_origin origin);

  /// Ends the caller's session, and the one a refresh token belongs to if it is another of theirs.
  task<void> logout(caller who, std::optional<std::string> refresh_token, request_origin origin);
  /// Ends every session of the caller, this one too.
  task<void> logout_all(caller who, request_origin origin);
  /// Newest first.
  task<std::vector<session_view>> list(caller who);
  /// Throws session_not_found, also for another member's.
  task<void> end(caller who, uuid session, request_origin origin);

  /// Ends every session of an account at once: suspension, a new password.
  task<void> end_all_of(uuid account);

 private:
  struct parsed_token;
  [[nodiscard]] token_pair renew(const user& account, instant as_of, const uuid& session, std::string refresh_token,
                                 instant expires_at);
  task<void> refuse(std::string address);
  /// In this order, so that one that breaks off is found alive and ended by whoever tries again.
  task<void> revoke(uuid session);
  task<void> end_beyond_most(uuid account, uuid newest);
  task<void> end_stolen(const refresh_family& family, request_origin origin);
  [[nodiscard]] std::string new_secret();
  [[nodiscard]] instant expiry(const refresh_family& family, instant now) const;

  user_repository users_;
  refresh_family_repository families_;
  token_service& tokens_;
  revocation_list& revocations_;
  audit_log& audit_;
  attempt_limits& attempts_;
  runtime::clock& time_;
  runtime::random& random_;
  session_settings settings_;
};

}  // namespace nxg
