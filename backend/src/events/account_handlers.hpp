#pragma once

#include "services/accounts/accounts.hpp"
#include "store/outbox.hpp"

namespace nxg::events {

/// Puts out who was suspended. `accounts` outlives the dispatcher; before that starts.
void handle_account_events(store::dispatcher& by, account_service& accounts);

}  // namespace nxg::events
