#include "events/account_handlers.hpp"

namespace nxg::events {

void handle_account_events(store::dispatcher& by, account_service& accounts) {
  by.on<account_suspended>("end_sessions", [&accounts](const account_suspended& event, const store::event_info&) {
    return accounts.on_suspended(event);
  });
}

}  // namespace nxg::events
