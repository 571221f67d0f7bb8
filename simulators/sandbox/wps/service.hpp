#pragma once

#include "http/router.hpp"
#include "sandbox/played_service.hpp"
#include "sandbox/wps/plan_maker.hpp"

#include <string>

namespace nxg::sandbox::wps {

/// The workout planning service: declares the operations of `contracts/wps.openapi.json`, at the root and below `/v1`.
/// `plans` outlives the router.
[[nodiscard]] played_service play(http::router& routes, const plan_maker& plans, std::string api_key);

}  // namespace nxg::sandbox::wps
