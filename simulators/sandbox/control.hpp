#pragma once

#include "http/router.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/request_log.hpp"

namespace nxg::sandbox {

/// What tests and demonstrations steer the sandbox by, without credentials:
///   POST /faults {service, kind, rate?, forSeconds?}   the service `all` means each of them
///   GET /faults                                        the orders in force
///   GET /requests                                      what the services were asked, {total, requests}
///   GET /                                              what runs here
/// All outlive the router.
void declare_control(http::router& routes, fault_board& faults, const request_log& log, runtime::clock& time);

/// The services the sandbox plays.
[[nodiscard]] const std::vector<std::string>& service_names();

}  // namespace nxg::sandbox
