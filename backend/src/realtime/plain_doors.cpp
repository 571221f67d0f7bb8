#include "realtime/plain_doors.hpp"

namespace nxg::realtime {

socketio::plain_door plain_door_of(std::string namespace_name) {
  return {.namespace_name = std::move(namespace_name),
          .close_codes = {{"invalid_request", 4400},
                          {"unauthenticated", 4401},
                          {"token_invalid", 4401},
                          {"forbidden", 4403},
                          {"machine_not_found", 4404},
                          {"superseded", 4409},
                          {"too_many_sockets", 4410},
                          {"token_expired", 4411},
                          {"token_revoked", 4412},
                          {"rate_limited", 4429},
                          {"busy", 4503},
                          {"unavailable", 4503},
                          {"security_state_stale", 4503}},
          .query_in_auth = {"after"}};
}

}  // namespace nxg::realtime
