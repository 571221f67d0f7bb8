#pragma once

#include "app/storage.hpp"
#include "jobs/orphan_objects.hpp"

#include <vector>

namespace nxg::app {

/// All objects that documents of the store name. It outlives them.
[[nodiscard]] std::vector<jobs::object_family> object_families(storage& kept);

}  // namespace nxg::app
