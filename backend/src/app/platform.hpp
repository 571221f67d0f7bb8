#pragma once

#include "app/settings.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/clock.hpp"
#include "runtime/io_pool.hpp"
#include "runtime/random.hpp"
#include "telemetry/error_reports.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

#include <memory>
#include <string>
#include <vector>

namespace nxg::app {

/// What every part of the process stands on: time, randomness, threads, log, metrics.
struct platform {
  explicit platform(const settings& values, std::shared_ptr<telemetry::log_sink> lines);

  runtime::clock time;
  runtime::secure_random random;
  telemetry::logger log;
  telemetry::metrics metrics;
  std::unique_ptr<telemetry::error_reporter> reports;
  /// Tells this process from others and from its earlier lives.
  std::string process_id;
  runtime::io_pool io;
  /// Password hashing: 19 MiB each, so few at a time.
  runtime::blocking_pool passwords;
  /// Making RSA keys and the like.
  runtime::blocking_pool keys;
  std::vector<telemetry::metrics::registration> registrations;
};

/// Runs one coroutine to its end on a loop of its own, on this thread: for commands and for the start.
void run_to_end(task<> job);

}  // namespace nxg::app
