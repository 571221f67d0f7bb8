#pragma once

#include <cstdint>
#include <string>

namespace nxg::gym {

struct options {
  std::string url;
  std::string admin_email;
  std::string admin_password;
  std::size_t machines = 8;
  /// Samples per wall second of each machine in use.
  double speed = 1;
  /// Wall seconds of training; 0: until interrupted.
  std::int64_t seconds = 60;
  /// Chance per machine, phone and second that its network goes away for one to five seconds.
  double drop_network = 0;
  /// Something between the backend's processes will break: what happens meanwhile need not come live.
  bool faults = false;
  /// Folder of recorded workouts; empty: people are made up.
  std::string recordings;
  std::uint64_t seed = 1;
  bool json_report = false;
};

}  // namespace nxg::gym
