#pragma once

#include "http/router.hpp"
#include "objects/object_store.hpp"
#include "runtime/clock.hpp"

#include <string>
#include <string_view>

namespace nxg::routes {

/// Where signed URLs of the folder of objects lead.
inline constexpr std::string_view objects_path = "/api/objects";

/// Serves the signed URLs of a folder of objects (S3 serves its own): GET and HEAD, with ranges. The signature is the
/// credential. All must outlive the router.
void declare_objects(http::router& routes, objects::object_store& store, std::string url_secret, runtime::clock& time);

}  // namespace nxg::routes
