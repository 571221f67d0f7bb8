#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace nxg::integrations {

/// How the way to an outside service looks from this process, for `/api/health/dependencies`.
struct service_condition {
  std::string service;
  bool configured = true;
  /// closed | open | half_open
  std::string breaker;
  std::chrono::milliseconds retry_after{0};
  std::size_t running = 0;
  std::size_t waiting = 0;
};

/// An outside service gave nothing that can be used.
class service_unavailable : public std::runtime_error {
 public:
  service_unavailable(std::string short_reason, const std::string& what,
                      std::optional<std::chrono::milliseconds> pause = {})
      : std::runtime_error{what}, reason{std::move(short_reason)}, retry_after{pause} {}

  /// One word for logs and metrics: `timed_out`, `breaker_open`, `malformed`, `not_configured`, ….
  std::string reason;
  std::optional<std::chrono::milliseconds> retry_after;
};

}  // namespace nxg::integrations
