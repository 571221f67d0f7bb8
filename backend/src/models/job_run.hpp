#pragma once

#include "runtime/clock.hpp"
#include "schema/types.hpp"
#include "store/declare.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace nxg {

/// How far a daily job has come: its checkpoint. Id: the job's name. Written at the version it was read at, so that a
/// process that lost the job's lease without knowing cannot write over its successor.
struct job_run {
  std::string id;
  std::int64_t version = 0;
  /// The day (UTC) this run is for.
  schema::local_date run_for{};
  instant started_at{};
  std::optional<instant> finished_at;
  /// Where the next batch begins; absent at the beginning.
  std::optional<std::string> position;
  std::int64_t looked_at = 0;
  std::int64_t done = 0;
  std::int64_t failed = 0;
  /// Passes over everything for this day; another one follows where something failed.
  std::int64_t passes = 1;
};
BOOST_DESCRIBE_STRUCT(job_run, (),
                      (id, version, run_for, started_at, finished_at, position, looked_at, done, failed, passes))
store::declaration<job_run> declare(store::tag<job_run>);

}  // namespace nxg
