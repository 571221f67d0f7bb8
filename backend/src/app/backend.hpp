#pragma once

#include "app/settings.hpp"
#include "services/live/catalogue.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace nxg::app {

struct platform;

/// The whole backend: store, services, doors, jobs. Built at once, then started; stopped once.
class backend {
 public:
  /// Opens the store and wires everything; throws with a sentence when something cannot be used.
  backend(const settings& values, platform& on);
  ~backend();
  backend(const backend&) = delete;
  backend& operator=(const backend&) = delete;

  /// Brings the store to this version, reads keys, listens, logs where, and goes to work. Blocks. Where a port is taken
  /// it stops again and throws.
  void start();
  /// Not ready, accept no more, tell sockets to come back elsewhere, finish requests (bounded), flush. Blocks.
  void stop();

  struct ports {
    std::uint16_t http = 0;
    std::uint16_t admin = 0;
  };
  [[nodiscard]] ports listening_on() const;
  /// Needs no start.
  [[nodiscard]] std::string openapi() const;
  /// Of everything that goes over sockets. Needs no start.
  [[nodiscard]] const live::catalogue& socket_events() const;

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace nxg::app
