#pragma once

#include "http/openapi.hpp"

namespace nxg::app {

/// What the OpenAPI document says beside its operations: the tags routes use, in the order they are shown, and the
/// errors any route may answer with.
[[nodiscard]] http::api_description describe_api();

}  // namespace nxg::app
