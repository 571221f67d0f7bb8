#pragma once

#include "models/job_run.hpp"
#include "runtime/task.hpp"
#include "store/collection.hpp"

#include <optional>
#include <string>
#include <utility>

namespace nxg::repositories {

/// Checkpoints of daily jobs. `save` throws version_conflict when another process wrote it meanwhile.
class job_runs {
 public:
  explicit job_runs(store::database& in) : runs_{in} {}

  task<std::optional<job_run>> find(std::string name) { return runs_.find(std::move(name)); }
  task<void> save(job_run run) { return runs_.save(std::move(run)); }

 private:
  store::collection<job_run> runs_;
};

}  // namespace nxg::repositories
