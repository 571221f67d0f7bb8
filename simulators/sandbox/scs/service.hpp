#pragma once

#include "http/router.hpp"
#include "runtime/clock.hpp"
#include "sandbox/played_service.hpp"
#include "sandbox/scs/job_shop.hpp"

#include <cstddef>
#include <string>

namespace nxg::sandbox::scs {

struct client_credentials {
  std::string id = "sandbox";
  std::string secret = "sandbox";
};

/// Declares the operations of `contracts/scs.openapi.json`, at the root and below `/v1`, and `POST /scs/webhooks`,
/// which orders faults of webhooks. More than `per_hour` orders an hour are refused with 429. `shop` and `time` outlive
/// the router.
[[nodiscard]] played_service play(http::router& routes, job_shop& shop, client_credentials known, runtime::clock& time,
                                  std::size_t per_hour = 100);

}  // namespace nxg::sandbox::scs
