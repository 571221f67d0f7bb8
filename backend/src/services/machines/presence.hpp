#pragma once

#include "models/machine.hpp"
#include "repositories/machines.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace nxg {

/// Which machines are there: by their heartbeats (every 15 s), stored.
class machine_presence {
 public:
  /// Not heard of for so long: offline.
  static constexpr std::chrono::seconds offline_after{45};

  machine_presence(machine_repository& machines, runtime::clock& time) : machines_{machines}, time_{time} {}

  /// A machine opened a connection; `connection` in the result is its number, the newest. Throws machine_not_found.
  task<machine> connected(uuid id, signs_of_life told = {});

  /// A sign of life. The result is the machine with its current link, so that a lost message costs one heartbeat;
  /// nothing when a newer connection than `connection` exists. Throws machine_not_found.
  task<std::optional<machine>> heartbeat(uuid id, std::optional<std::int64_t> connection, signs_of_life told);

  /// For a job: how many went offline.
  task<std::size_t> mark_offline();

 private:
  machine_repository& machines_;
  runtime::clock& time_;
};

/// The server's clock minus the machine's, in milliseconds; 0 below a second, which is the network's delay.
[[nodiscard]] std::int64_t clock_offset_of(instant machine_says, instant received_at) noexcept;

}  // namespace nxg
