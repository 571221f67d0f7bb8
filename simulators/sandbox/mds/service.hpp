#pragma once

#include "http/router.hpp"
#include "runtime/clock.hpp"
#include "sandbox/mds/meal_reader.hpp"
#include "sandbox/played_service.hpp"

#include <cstdint>
#include <string>

namespace nxg::sandbox::mds {

/// The meal detection service: declares the operations of `contracts/mds.openapi.json`, at the root and below `/v1`.
/// More than `per_hour` calls an hour are refused with 429. `meals` and `time` outlive the router.
[[nodiscard]] played_service play(http::router& routes, const meal_reader& meals, runtime::clock& time,
                                  std::string token, std::uint64_t per_hour = 500);

}  // namespace nxg::sandbox::mds
