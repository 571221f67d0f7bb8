#pragma once

#include "realtime/connections.hpp"
#include "realtime/postman.hpp"
#include "runtime/clock.hpp"
#include "services/account_limit.hpp"
#include "services/accounts/tokens.hpp"
#include "services/machines/presence.hpp"
#include "services/machines/registry.hpp"
#include "services/machines/upkeep.hpp"
#include "services/telemetry/intake.hpp"
#include "services/visits/branch_floor.hpp"
#include "socketio/server.hpp"
#include "telemetry/log.hpp"

namespace nxg::realtime {

/// What the namespaces work with; all of it outlives the server.
struct parts {
  token_service& tokens;
  token_watch& watch;
  machine_registry& machines;
  machine_presence& presence;
  machine_upkeep& upkeep;
  branch_floor& floor;
  samples::intake& intake;
  live::catalogue& events;
  live::inbox_service& inboxes;
  postman& post;
  message_pace pace;
  /// Of people.
  account_limit people;
  runtime::clock& time;
  telemetry::logger log;
};

/// `/machines`: machines send samples, heartbeats and what is wrong with them; people watch branches.
void declare_machines(socketio::server& server, const parts& with);

/// `/workouts` and `/notifications`: people listen to what is theirs.
void declare_members(socketio::server& server, const parts& with);

/// `/staff`: those who work in a branch watch its floor.
void declare_staff(socketio::server& server, const parts& with);

}  // namespace nxg::realtime
