#pragma once

#include "http_client/client.hpp"
#include "integrations/service_condition.hpp"
#include "resilience/policy.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"

#include <type_traits>
#include <utility>

/// What the adapters of all outside services do alike.
namespace nxg::integrations {

/// Sends the one request of an attempt, with what is left until `deadline` as its time-out, and returns an answer of
/// status 200, 201 or 202. Anything else is thrown as `resilience::attempt_failed`.
task<http::client_response> send_attempt(http::client& by, http::client_request request, runtime::clock& time,
                                         steady_instant deadline);

/// The same for a part of a file: also 206.
task<http::client_response> send_for_part(http::client& by, http::client_request request, runtime::clock& time,
                                          steady_instant deadline);

/// The same where the answer must be JSON.
task<http::client_response> send_for_json(http::client& by, http::client_request request, runtime::clock& time,
                                          steady_instant deadline);

[[nodiscard]] service_unavailable unavailable_after(const resilience::call_failed& failed);

/// `resilience::call`, its failure as `service_unavailable`.
template <class Attempt>
auto call_outside(resilience::policy& through, steady_instant deadline, resilience::call_options how, Attempt attempt)
    -> std::invoke_result_t<Attempt&, resilience::attempt_info> {
  try {
    co_return co_await resilience::call(through, deadline, how, std::move(attempt));
  } catch (const resilience::call_failed& failed) {
    throw unavailable_after(failed);
  }
}

[[nodiscard]] service_condition condition_of(const resilience::policy& policy);
/// Of a service this gym has not.
[[nodiscard]] service_condition not_configured(std::string service);

}  // namespace nxg::integrations
