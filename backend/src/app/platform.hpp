#pragma once

#include "app/settings.hpp"
#include "runtime/blocking_pool.hpp"
#include "runtime/clock.hpp"
#include "runtime/io_pool.hpp"
#include "runtime/random.hpp"
#include "runtime/task.hpp"
#include "telemetry/error_reports.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>
#include <vector>

namespace nxg::app {

/// What every part of the process stands on: time, randomness, threads, log, metrics.
struct platform {
  explicit platform(const settings& values, std::shared_ptr<telemetry::log_sink> lines);

  /// Runs one coroutine to its end on this thread: for commands and for the start.
  void run_to_end(task<> job);

  runtime::clock time;
  /// The machine's, which no test moves: others refuse what was signed at another time than their own.
  runtime::clock time_outside;
  runtime::secure_random random;
  telemetry::logger log;
  telemetry::metrics metrics;
  std::unique_ptr<telemetry::error_reporter> reports;
  /// Tells this process from others and from its earlier lives.
  std::string process_id;
  /// Of `run_to_end`. It outlives every thread that may wake it: one may still be about to when the job is done.
  boost::asio::io_context here{1};
  runtime::io_pool io;
  /// Password hashing: 19 MiB each, so few at a time.
  runtime::blocking_pool passwords;
  /// Making RSA keys and the like.
  runtime::blocking_pool keys;
  std::vector<telemetry::metrics::registration> registrations;
};

}  // namespace nxg::app
