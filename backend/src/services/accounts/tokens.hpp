#pragma once

#include "http/principal.hpp"
#include "models/role.hpp"
#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "runtime/task.hpp"
#include "services/accounts/keys.hpp"
#include "services/accounts/revocations.hpp"
#include "utilities/jwt.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nxg {

struct token_settings {
  std::string issuer = "nxg-connect";
  std::string audience = "nxg-connect-api";
  std::chrono::seconds access_life{std::chrono::minutes{15}};
  std::chrono::seconds machine_life{std::chrono::hours{1}};
  /// Verified tokens kept per core.
  std::size_t cached_per_core = 16'384;
};

/// Whom a token is issued to.
struct token_subject {
  uuid id;
  nxg::role role = nxg::role::member;
  /// What it is revoked by: the login session, or the device's credential.
  uuid session;
  /// The branches a machine, a screen, staff or a trainer belongs to.
  std::vector<uuid> scopes;
};

struct issued_token {
  std::string text;
  instant expires_at{};
};

/// What a token of ours says.
struct token_principal : http::principal {
  /// To the millisecond: what is revoked at that time or later makes the token worthless.
  instant issued_at{};
};
using shared_principal = std::shared_ptr<const token_principal>;

/// Access tokens of people and devices alike: RS256, short-lived, verified without any I/O once the keys are known.
/// Thread-safe.
class token_service {
 public:
  /// `cores`: how many caches of verified tokens to keep; each is meant for one core and locked only against strays.
  token_service(key_service& keys, revocation_list& revocations, runtime::clock& time, runtime::random& random,
                std::size_t cores, token_settings settings = {});
  ~token_service();

  /// `as_of`: a moment before what the token says was read. It is the token's time: when the account is changed after
  /// it was read and before the token is signed, the revocation still means the token.
  [[nodiscard]] issued_token issue(const token_subject& to, std::chrono::seconds lifetime, instant as_of);
  [[nodiscard]] const token_settings& settings() const noexcept { return settings_; }

  /// A token verified before on this core, if it has neither expired nor been revoked and the revocations are fresh;
  /// else null, and `verify` has to tell.
  [[nodiscard]] shared_principal recall(std::size_t core, std::string_view token);
  /// The same while the revocations are not fresh: for what a member reads of their own, and nothing else.
  [[nodiscard]] shared_principal recall_stale(std::size_t core, std::string_view token);
  /// Throws `api_error`: token_invalid, token_expired, token_revoked (401), security_state_stale (503).
  task<shared_principal> verify(std::size_t core, std::string token);

 private:
  struct cache;
  shared_principal find(std::size_t core, std::string_view token);
  void remember(std::size_t core, std::string token, const shared_principal& who, std::uint64_t generation);

  key_service& keys_;
  revocation_list& revocations_;
  runtime::clock& time_;
  runtime::random& random_;
  token_settings settings_;
  std::vector<std::unique_ptr<cache>> caches_;
};

}  // namespace nxg
