#pragma once

#include "runtime/clock.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::sandbox {

/// How a service misbehaves on order.
///   latency    answers, but only after 3 s
///   hang       takes the request and never answers
///   http_500   500 with a problem
///   http_429   429 with Retry-After: 1
///   cut_body   announces its answer and closes the connection instead of sending it
///   wrong_json 200 with something that is not what the contract says
///   unsafe     200 with an answer to the letter of the contract that would harm whoever believed it
///   flapping   http_500 for 5 s, well for 5 s, and so on, from the order on
enum class fault_kind : std::uint8_t {
  none,
  latency,
  hang,
  http_500,
  http_429,
  cut_body,
  wrong_json,
  unsafe,
  flapping
};
BOOST_DESCRIBE_ENUM(fault_kind, none, latency, hang, http_500, http_429, cut_body, wrong_json, unsafe, flapping)

struct fault_order {
  fault_kind kind = fault_kind::none;
  /// The share of requests it strikes, 0 to 1.
  double rate = 1;
  steady_instant since{};
  /// Absent: until the next order.
  std::optional<steady_instant> until = {};
};

/// What each service has been ordered to do. Thread-safe.
class fault_board {
 public:
  explicit fault_board(runtime::clock& time) : time_{time} {}

  void order(const std::string& service, fault_order wanted);
  /// The order in force; `none` where there is none or it has run out.
  [[nodiscard]] fault_order in_force(std::string_view service) const;
  /// What to do to the next request of that service: never `flapping`. Of a rate, every request counts in turn, so that
  /// a rate of 0.5 strikes every second one.
  [[nodiscard]] fault_kind next(std::string_view service);

 private:
  struct entry {
    fault_order order;
    double owed = 0;
  };
  [[nodiscard]] bool over(const fault_order& order) const { return order.until && time_.steady() >= *order.until; }

  runtime::clock& time_;
  mutable std::mutex mutex_;
  std::map<std::string, entry, std::less<>> entries_;
};

}  // namespace nxg::sandbox
