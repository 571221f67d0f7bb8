#pragma once

#include "jobs/periodic.hpp"
#include "objects/object_store.hpp"
#include "runtime/clock.hpp"
#include "telemetry/log.hpp"

#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace nxg::jobs {

/// Objects below one prefix, and who names them.
struct object_family {
  std::string prefix;
  /// Those of the keys (at most 1,000) that some document names.
  std::function<task<std::set<std::string>>(std::vector<std::string> keys)> named;
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

/// Removes objects that no document names: what a crash left between the object and its document.
void add_orphan_job(runner& to, orphan_parts with, orphan_settings settings = {});

}  // namespace nxg::jobs
