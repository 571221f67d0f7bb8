#pragma once

#include "jobs/periodic.hpp"
#include "objects/object_store.hpp"
#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"
#include "telemetry/log.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::jobs {

/// Objects below one prefix, and the documents that may name them.
struct object_family {
  std::string prefix;
  /// The document that would name it. Nothing: none could, so that it is not ours to remove.
  std::function<std::optional<uuid>(std::string_view key)> document_of;
  /// What the documents of these ids name (at least one id, at most 1,000).
  std::function<task<std::set<std::string>>(std::vector<uuid> ids)> named_by;
};

struct orphan_parts {
  objects::object_store& files;
  std::vector<object_family> families;
  runtime::clock& time;
  telemetry::logger log;
};

struct orphan_settings {
  std::chrono::milliseconds every{std::chrono::hours{6}};
  /// Nothing younger goes: its document may be about to come.
  std::chrono::hours grace{24 * 7};
};

/// Removes objects that no document names: what a crash left between the object and its document, and what was put
/// after the backup that a store was restored from.
void add_orphan_job(runner& to, orphan_parts with, orphan_settings settings = {});

}  // namespace nxg::jobs
