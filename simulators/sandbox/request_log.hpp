#pragma once

#include "runtime/clock.hpp"
#include "sandbox/faults.hpp"
#include "schema/types.hpp"

#include <boost/describe/class.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace nxg::sandbox {

/// One request a service was sent. Credentials are never kept, only whether they were right.
struct logged_request {
  std::int64_t number = 0;
  instant at{};
  std::string service;
  std::string method;
  std::string target;
  bool authorized = false;
  fault_kind fault = fault_kind::none;
  /// JSON as received; a string where it was none.
  schema::any_json body;
};
BOOST_DESCRIBE_STRUCT(logged_request, (), (number, at, service, method, target, authorized, fault, body))

/// The last 1,000 requests, so that a test can see what was asked. Thread-safe.
class request_log {
 public:
  static constexpr std::size_t kept = 1000;

  void add(logged_request entry);
  /// How many there ever were.
  [[nodiscard]] std::int64_t total() const;
  /// The same of each service that was ever asked.
  [[nodiscard]] std::map<std::string, std::int64_t> totals() const;
  /// Oldest first.
  [[nodiscard]] std::vector<logged_request> all() const;

 private:
  mutable std::mutex mutex_;
  std::deque<logged_request> entries_;
  std::int64_t total_ = 0;
  std::map<std::string, std::int64_t> totals_;
};

}  // namespace nxg::sandbox
