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

}  // namespace nxg::load
