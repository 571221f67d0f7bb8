#include "integrations/outside_call.hpp"

#include "utilities/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace nxg::integrations {
namespace {

using resilience::attempt_failed;
using resilience::failure;
using namespace std::chrono_literals;

failure failure_of(http::client_failure how) {
  switch (how) {
    case http::client_failure::timeout: return failure::timed_out;
    case http::client_failure::too_large:
    case http::client_failure::protocol: return failure::malformed;
    case http::client_failure::invalid_request: return failure::rejected;
    case http::client_failure::busy:
    case http::client_failure::resolve:
    case http::client_failure::connect:
    case http::client_failure::tls:
    case http::client_failure::cut:
    case http::client_failure::stopped: return failure::unavailable;
  }
  return failure::unavailable;
}

failure failure_of(int status) {
  if (status == 401 || status == 403) return failure::unauthorized;
  if (status == 429) return failure::throttled;
  if (status == 408 || status >= 500) return failure::unavailable;
  if (status >= 400) return failure::rejected;
  // A redirect, or a success no contract knows.
  return failure::malformed;
}

std::string_view breaker_name(resilience::breaker_state state) {
  switch (state) {
    case resilience::breaker_state::closed: return "closed";
    case resilience::breaker_state::open: return "open";
    case resilience::breaker_state::half_open: return "half_open";
  }
  return "closed";
}

bool is_json(const http::client_response& answer) {
  // Media types are case-insensitive, and blanks may be before the semicolon (RFC 9110, 8.3.1).
  std::string_view type = answer.header("content-type").value_or("");
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) type.remove_suffix(1);
  return utilities::ascii_lower(type) == "application/json";
}

task<http::client_response> send_once(http::client& by, http::client_request request, runtime::clock& time,
                                      steady_instant deadline, bool takes_parts) {
  request.timeout = std::max(1ms, std::chrono::duration_cast<std::chrono::milliseconds>(deadline - time.steady()));
  http::client_response answer;
  try {
    answer = co_await by.send(std::move(request));
  } catch (const http::client_error& error) {
    throw attempt_failed{failure_of(error.how), error.what()};
  }
  const bool is_part = takes_parts && answer.status == 206;
  if (!is_part && (answer.status < 200 || answer.status > 202)) {
    throw attempt_failed{failure_of(answer.status), fmt::format("answered {}", answer.status),
                         answer.retry_after(time.now())};
  }
  co_return answer;
}

}  // namespace

task<http::client_response> send_attempt(http::client& by, http::client_request request, runtime::clock& time,
                                         steady_instant deadline) {
  return send_once(by, std::move(request), time, deadline, false);
}

task<http::client_response> send_for_part(http::client& by, http::client_request request, runtime::clock& time,
                                          steady_instant deadline) {
  return send_once(by, std::move(request), time, deadline, true);
}

task<http::client_response> send_for_json(http::client& by, http::client_request request, runtime::clock& time,
                                          steady_instant deadline) {
  auto answer = co_await send_attempt(by, std::move(request), time, deadline);
  if (!is_json(answer)) throw attempt_failed{failure::malformed, "answered no JSON"};
  co_return answer;
}

service_unavailable unavailable_after(const resilience::call_failed& failed) {
  if (failed.why == resilience::refusal::withdrawn) return {"consent_withdrawn", failed.what()};
  const auto reason = failed.last ? name_of(*failed.last) : name_of(failed.why);
  return {std::string{reason}, failed.what(), failed.retry_after};
}

service_condition condition_of(const resilience::policy& policy) {
  return {.service = policy.service(),
          .configured = true,
          .breaker = std::string{breaker_name(policy.breaker())},
          .retry_after = policy.retry_after(),
          .running = policy.running(),
          .waiting = policy.waiting()};
}

service_condition not_configured(std::string service) {
  return {.service = std::move(service), .configured = false, .breaker = "closed"};
}

}  // namespace nxg::integrations
