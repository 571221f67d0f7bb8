#pragma once

#include "app/platform.hpp"
#include "app/storage.hpp"
#include "coordination/coordinator.hpp"
#include "services/accounts/accounts.hpp"
#include "services/accounts/attempts.hpp"
#include "services/accounts/audit.hpp"
#include "services/accounts/data_seals.hpp"
#include "services/accounts/keys.hpp"
#include "services/accounts/member_settings.hpp"
#include "services/accounts/revocations.hpp"
#include "services/accounts/sessions.hpp"
#include "services/accounts/tokens.hpp"
#include "services/body/metrics.hpp"
#include "utilities/password_hashing.hpp"

#include <memory>

namespace nxg::app {

/// Who people and devices are: keys, tokens, accounts.
struct identity {
  identity(const settings& values, platform& on, storage& kept, coordination::coordinator& shared);

  attempt_limits attempts;
  key_service keys;
  data_seals seals;
  revocation_list revocations;
  token_service tokens;
  audit_log audit;
  body::metrics bodies;
  member_settings member_preferences;
  utilities::password_hasher passwords;
  session_service sessions;
  account_service accounts;
};

}  // namespace nxg::app
