#pragma once

#include "http/router.hpp"
#include "sandbox/wps/plan_maker.hpp"

namespace nxg::sandbox::wps {

/// Declares the operations of `contracts/wps.openapi.json`, at the root and below `/v1`. `plans` outlives the router.
void declare_service(http::router& routes, const plan_maker& plans);

/// Whether a route belongs to this service.
[[nodiscard]] bool is_of_service(const http::route_info& route);

/// An answer that is no answer of the contract; another one for each `number`.
[[nodiscard]] std::string lie(std::int64_t number);

}  // namespace nxg::sandbox::wps
