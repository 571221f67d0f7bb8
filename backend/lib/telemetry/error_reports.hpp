#pragma once

#include "telemetry/log.hpp"

#include <atomic>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace nxg::telemetry {

/// One unexpected failure, in the words of an error tracker (Sentry).
struct error_report {
  log_level level = log_level::error;
  /// What failed, a constant ("handler threw"); reports are grouped by it and `type`.
  std::string summary;
  /// The exception's type, as far as known.
  std::string type;
  /// The exception's text.
  std::string detail;
  instant at{};

  std::string request_id;
  std::string trace_id;
  std::string method;
  /// The route's pattern, not the path that was asked for.
  std::string route;
  /// Query string as received, without `?`.
  std::string query;
  /// An id, never a name or an address.
  std::string user_id;
  std::vector<std::pair<std::string, std::string>> headers;
  /// Small facts: release, environment, component.
  std::map<std::string, std::string> tags;
  std::map<std::string, std::string> extra;
};

/// The same report without credentials, personal and health data: headers, query parameters, tags and extras with a
/// sensitive name lose their value (`telemetry/scrub.hpp`), only headers that are known to be harmless keep theirs,
/// texts are searched for tokens and e-mail addresses. Every text is cut at 2 KiB, every list at 64 entries.
error_report scrubbed(error_report report);

/// Where unexpected failures are reported. Adapters get scrubbed reports only: `report` is the sole way in.
class error_reporter {
 public:
  error_reporter() = default;
  error_reporter(const error_reporter&) = delete;
  error_reporter& operator=(const error_reporter&) = delete;
  virtual ~error_reporter() = default;

  /// From any thread; never throws, never waits.
  void report(error_report report) noexcept;
  /// The same, filled from an exception.
  void report(std::string summary, const std::exception_ptr& error, error_report about = {}) noexcept;

  /// Reports that an adapter could not take (its queue was full, it threw).
  [[nodiscard]] std::uint64_t lost() const noexcept { return lost_; }

 protected:
  /// Takes a scrubbed report without waiting.
  virtual void send(const error_report& report) = 0;

 private:
  std::atomic<std::uint64_t> lost_{0};
};

/// Writes each report as one log line with `report:true`; the same summary at most once a second.
std::unique_ptr<error_reporter> make_log_error_reporter(logger log);
std::unique_ptr<error_reporter> make_null_error_reporter();

}  // namespace nxg::telemetry
