#pragma once

#include "http/router.hpp"
#include "runtime/clock.hpp"
#include "sandbox/nps/plan_maker.hpp"
#include "sandbox/played_service.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace nxg::sandbox::nps {

struct options {
  std::string key = "sandbox";
  /// What requests are signed with.
  std::string secret = "sandbox";
  /// How far a time stamp may be from the service's clock.
  std::chrono::seconds tolerance{300};
  std::uint64_t calls_per_day = 2000;
  /// 0: as many as come. The vendor's own rule is 2.
  std::uint64_t calls_per_minute = 0;
};

/// The nutrition planning service: declares the operations of `contracts/nps.openapi.json`, at the root and below
/// `/v1`. Plans and clock outlive the router.
[[nodiscard]] played_service play(http::router& routes, const plan_maker& plans, options how, runtime::clock& time);

/// hex HMAC-SHA256, under the secret, of the time stamp, a full stop and the body.
[[nodiscard]] std::string signature_of(const std::string& secret, std::string_view timestamp, std::string_view body);

}  // namespace nxg::sandbox::nps
