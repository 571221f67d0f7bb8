#include "models/job_run.hpp"

namespace nxg {

store::declaration<job_run> declare(store::tag<job_run>) {
  using namespace store;
  return {.name = "jobRuns",
          .schema = 1,
          .shard = unsharded("one document per job"),
          .owner = nobodys("how far a job has come"),
          .exported = not_exported("nothing personal"),
          .erased = not_erased("nothing personal"),
          .kept = kept_for_good("overwritten by the next run")};
}

}  // namespace nxg
