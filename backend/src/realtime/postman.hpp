#pragma once

#include "coordination/coordinator.hpp"
#include "models/inbox.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "runtime/uuid.hpp"
#include "services/live/inbox.hpp"
#include "socketio/server.hpp"
#include "telemetry/log.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace nxg::realtime {

/// Brings members' events from their inboxes to their devices: each once, in the order of cursors, whichever process
/// they were written by and whatever the bus lost. A live copy that follows the last one is handed on; where one is
/// missing the inbox is read.
///
/// Thread-safe; all that is known of sockets is used on one core.
class postman {
 public:
  /// `where`: the core it works on. All outlive the threads.
  postman(executor where, coordination::coordinator& shared, live::inbox_service& inboxes, runtime::clock& time,
          telemetry::logger log);
  ~postman();
  postman(const postman&) = delete;
  postman& operator=(const postman&) = delete;

  void start();
  void stop();

  /// A device of that member listens in its namespace; it has seen all up to `seen` (0: whatever there is, is new).
  void came(const std::shared_ptr<socketio::socket>& device, const uuid& member, std::int64_t seen);
  void left(const socketio::socket& device, const uuid& member);

  /// An event was put into an inbox, by this process: tells all processes.
  void announce(const uuid& member, inbox_event what);

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace nxg::realtime
