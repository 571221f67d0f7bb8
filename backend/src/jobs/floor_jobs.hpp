#pragma once

#include "jobs/periodic.hpp"
#include "repositories/journal.hpp"
#include "runtime/clock.hpp"
#include "services/machines/link_service.hpp"
#include "services/machines/presence.hpp"
#include "services/telemetry/fold.hpp"
#include "services/telemetry/journal.hpp"
#include "services/visits/visit_service.hpp"
#include "telemetry/log.hpp"

#include <chrono>

namespace nxg::jobs {

struct floor_job_settings {
  /// Each run writes every bucket that got samples once: seldom is cheap, and nobody waits for it.
  std::chrono::milliseconds fold_every{5'000};
  std::chrono::milliseconds watch_backlog_every{2'000};
  std::chrono::milliseconds sweep_every{5'000};
  std::chrono::milliseconds end_visits_every{20'000};
};

struct floor_job_parts {
  journal_repository& segments;
  samples::journal& journal;
  samples::folder& folder;
  machine_presence& presence;
  link_service& links;
  visit_service& visits;
  runtime::clock& time;
  telemetry::logger log;
};

/// Folding, offline machines, links that ran out or were left behind, visits the clock ends.
void add_floor_jobs(runner& to, const floor_job_parts& with, floor_job_settings settings = {});

}  // namespace nxg::jobs
