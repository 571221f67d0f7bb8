#pragma once

#include "load/measure.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace nxg::load {

struct telemetry_options {
  std::string url;
  /// JSON: {"machines":[{"auth":{…},"linkId":"…"}],"devices":[{"auth":{…}}]}; machine n is watched by device n.
  std::string credentials_file;
  /// Samples per second of all machines together; 0: each machine sends its next as soon as the last is acknowledged.
  double rate = 0;
  double seconds = 10;
  /// The processes of the server, whose CPU time is read.
  std::vector<int> pids;
};

/// Samples over Socket.IO, live to the devices.
outcome telemetry(const telemetry_options& options);

/// The same exchange with `floor telemetry`: as many connections, its bare messages.
outcome raw_telemetry(const std::string& host_port, std::size_t machines, double rate, double seconds, int pid);

struct broadcast_options {
  std::string url;
  std::string auth;
  std::string namespace_name = "/";
  std::size_t listeners = 2000;
  int times = 50;
  int rounds = 5;
  int pid = 0;
};

/// Joins that many listeners, asks for broadcasts and waits until all have arrived; `delivered` over `seconds` is the
/// rate.
outcome broadcast(const broadcast_options& options);
outcome raw_broadcast(const std::string& host_port, std::size_t listeners, int times, int rounds, int pid);

/// Opens that many idle connections; returns the server's resident bytes per connection.
double idle_connection_bytes(const broadcast_options& options);

struct socketio_options {
  std::uint16_t port = 0;
  /// Of the server.
  int pid = 0;
  std::size_t clients = 2000;
  double seconds = 5;
  int times = 50;
  int rounds = 5;
  /// The server is `floor socketio`.
  bool bare = false;
};
/// Opens that many, `rounds` times; `delivered` over `seconds` is the rate.
outcome socketio_connections(const socketio_options& options);
/// Resident bytes of the server per idle client.
double socketio_idle_bytes(const socketio_options& options);
/// Each client sends `message` again as soon as it has heard the last.
outcome socketio_echo(const socketio_options& options);
/// `delivery_ms` is how long one broadcast takes to the last client; the rest is of many at a time.
outcome socketio_broadcast(const socketio_options& options);
/// Sessions that post a message and fetch what comes back; `delivered` counts requests.
outcome socketio_polling(const socketio_options& options);

}  // namespace nxg::load
