#pragma once

#include "jobs/periodic.hpp"
#include "services/scans/processing.hpp"
#include "services/scans/scans.hpp"

#include <chrono>

namespace nxg::jobs {

struct scan_job_settings {
  std::chrono::milliseconds poll_every{5'000};
  std::chrono::milliseconds sweep_every{600'000};
};

/// What is due of scans; uploads and stubs that are over.
void add_scan_jobs(runner& to, scanning::processing& process, scanning::scans& scans, scan_job_settings settings = {});

}  // namespace nxg::jobs
