#pragma once

#include "models/plan_overlay.hpp"
#include "runtime/task.hpp"
#include "store/collection.hpp"

#include <optional>
#include <utility>

namespace nxg::repositories {

/// What members changed about their plans. `save` takes one as it was read (or new: version 0) and throws
/// version_conflict when it changed.
class plan_overlays {
 public:
  explicit plan_overlays(store::database& in) : overlays_{in} {}

  task<std::optional<plan_overlay>> find(uuid member) { return overlays_.find(member); }
  task<void> save(plan_overlay overlay) { return overlays_.save(std::move(overlay)); }

 private:
  store::collection<plan_overlay> overlays_;
};

}  // namespace nxg::repositories
