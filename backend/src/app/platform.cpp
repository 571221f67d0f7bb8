#include "app/platform.hpp"

#include "runtime/uuid.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <thread>

namespace nxg::app {

namespace {

constexpr std::size_t most_waiting_passwords = 256;
constexpr std::size_t most_waiting_keys = 64;

telemetry::log_level level_of(const std::string& name) {
  if (name == "debug") return telemetry::log_level::debug;
  if (name == "warn") return telemetry::log_level::warn;
  if (name == "error") return telemetry::log_level::error;
  return telemetry::log_level::info;
}

}  // namespace

platform::platform(const settings& values, std::shared_ptr<telemetry::log_sink> lines)
    : time{values.env == environment::test ? runtime::clock::mode::adjustable : runtime::clock::mode::real},
      log{std::move(lines), time, level_of(values.log_level)},
      reports{telemetry::make_log_error_reporter(log)},
      process_id{uuid::version_7(time.now(), random).to_string()},
      io{values.io_threads},
      passwords{"password", std::max(1u, std::thread::hardware_concurrency()), most_waiting_passwords},
      keys{"key", 1, most_waiting_keys},
      registrations{telemetry::process_metrics(metrics)} {}

void platform::run_to_end(task<> job) {
  std::exception_ptr failure;
  boost::asio::co_spawn(here, std::move(job), [&failure](std::exception_ptr error) { failure = error; });
  here.restart();
  here.run();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace nxg::app
