#pragma once

#include "app/identity.hpp"
#include "app/platform.hpp"
#include "app/storage.hpp"
#include "coordination/coordinator.hpp"
#include "realtime/channel.hpp"
#include "realtime/postman.hpp"
#include "services/live/inbox.hpp"
#include "socketio/server.hpp"

namespace nxg::app {

/// What members are told: kept in their inboxes, and brought to their devices.
struct member_inboxes {
  member_inboxes(platform& on, storage& kept, identity& people, coordination::coordinator& shared,
                 socketio::server& sockets)
      : inboxes{kept.inboxes, people.keys, on.time},
        post{on.io.at(on.io.size() - 1), shared, inboxes, on.time, on.log},
        channel{sockets, inboxes, post} {}

  live::inbox_service inboxes;
  realtime::postman post;
  realtime::socket_channel channel;
};

}  // namespace nxg::app
