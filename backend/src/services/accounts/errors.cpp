#include "services/accounts/errors.hpp"

#include <algorithm>

namespace nxg {

api_error credentials_invalid() { return {error_code::credentials_invalid, "E-mail address or password is wrong."}; }

api_error token_invalid() { return {error_code::token_invalid, "The access token is not valid."}; }

api_error token_expired() {
  return {error_code::token_expired, "The access token has expired: refresh it, or log in again."};
}

api_error token_revoked() { return {error_code::token_revoked, "The access token was revoked: log in again."}; }

api_error refresh_token_invalid() {
  return {error_code::refresh_token_invalid, "The refresh token is not valid any more: log in again."};
}

api_error refresh_token_reused() {
  return {error_code::refresh_token_reused,
          "The refresh token was used before. Its session was ended, in case somebody copied it: log in again."};
}

api_error security_state_stale() {
  return api_error{error_code::security_state_stale, "It cannot be told right now which tokens are still good."}
      .with_retry_after(std::chrono::seconds{2});
}

api_error username_taken() { return {error_code::username_taken, "This user name is taken."}; }

api_error email_taken() { return {error_code::email_taken, "An account with this e-mail address exists already."}; }

api_error session_not_found() { return {error_code::session_not_found, "You have no such session."}; }

api_error account_not_found() { return not_found("account"); }

api_error health_consent_required() {
  return {error_code::consent_required,
          "Health conditions and allergies are kept only with your consent: record consent of type health_data first."};
}

api_error too_many_attempts(std::chrono::milliseconds retry_after) {
  const auto wait = std::clamp(std::chrono::ceil<std::chrono::seconds>(retry_after), std::chrono::seconds{1},
                               std::chrono::seconds{std::chrono::hours{1}});
  return api_error{error_code::rate_limited, "Too many attempts."}.with_retry_after(wait);
}

}  // namespace nxg
