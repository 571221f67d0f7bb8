#pragma once

#include "services/api_error.hpp"

#include <chrono>

namespace nxg {

/// The same for an unknown account, a wrong password, and an account that is not active.
[[nodiscard]] api_error credentials_invalid();
[[nodiscard]] api_error token_invalid();
[[nodiscard]] api_error token_expired();
[[nodiscard]] api_error token_revoked();
/// Unknown, expired, ended.
[[nodiscard]] api_error refresh_token_invalid();
[[nodiscard]] api_error refresh_token_reused();
/// Nobody can tell whose tokens were revoked.
[[nodiscard]] api_error security_state_stale();
[[nodiscard]] api_error username_taken();
[[nodiscard]] api_error email_taken();
[[nodiscard]] api_error session_not_found();
[[nodiscard]] api_error account_not_found();
[[nodiscard]] api_error health_consent_required();
[[nodiscard]] api_error too_many_attempts(std::chrono::milliseconds retry_after);

}  // namespace nxg
