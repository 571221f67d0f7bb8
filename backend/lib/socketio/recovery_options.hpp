#pragma once

#include <chrono>
#include <cstddef>

namespace nxg::socketio {

/// Connection state recovery: a client whose connection broke comes back as the same socket, in the same rooms, and
/// gets what was sent to it meanwhile. What is not sure to be complete is refused: the client then is a new one.
struct recovery_options {
  /// How long a client may be away.
  std::chrono::milliseconds max_disconnection{120'000};
  /// Whether a client that comes back is let in without being asked again who it is.
  bool skip_authentication = true;
  /// What one namespace remembers: events, their bytes, and clients that are away. Where processes share a stream, it
  /// has the first two bounds as well, and each process its own.
  std::size_t max_events = 10'000;
  std::size_t max_bytes = 16 << 20;
  std::size_t max_clients = 10'000;
};

}  // namespace nxg::socketio
