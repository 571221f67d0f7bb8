#include "jobs/scan_jobs.hpp"

namespace nxg::jobs {

void add_scan_jobs(runner& to, scanning::processing& process, scanning::scans& scans, scan_job_settings settings) {
  to.add({"scans", settings.poll_every, [&process] { return process.run_due(); }});
  to.add({"scan_sweep", settings.sweep_every, [&scans] { return scans.sweep(); }});
}

}  // namespace nxg::jobs
