#pragma once

#include "app/platform.hpp"
#include "coordination/coordinator.hpp"
#include "socketio/adapter.hpp"
#include "socketio/redis_adapter.hpp"

#include <memory>
#include <vector>

namespace nxg::app {

/// What this process shares with the others: over Redis where the settings name one, else with nobody.
struct sharing {
  /// Throws with a sentence where Redis is there and will have nothing of us; an absent one is an outage.
  sharing(const settings& values, platform& on);

  std::unique_ptr<coordination::coordinator> coordinator;
  /// Between the rooms of Socket.IO and Redis.
  std::unique_ptr<socketio::redis_pub_sub> channels;
  /// How rooms reach the sockets of other processes; empty: there are none.
  socketio::adapter_factory rooms;
  std::vector<telemetry::metrics::registration> registrations;
};

}  // namespace nxg::app
