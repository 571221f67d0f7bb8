#pragma once

#include "schema/problems.hpp"
#include "services/api_error.hpp"
#include "socketio/payload.hpp"
#include "socketio/server.hpp"
#include "telemetry/log.hpp"

#include <boost/describe/class.hpp>

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::realtime {

/// What a refused event is acknowledged with.
struct refusal {
  bool success = false;
  std::string code;
  std::string detail;
  std::optional<std::vector<schema::problem>> errors;
  std::optional<std::int64_t> retry_after_ms;
  static constexpr std::string_view schema_name = "Refusal";
};
BOOST_DESCRIBE_STRUCT(refusal, (), (success, code, detail, errors, retry_after_ms))

/// What an event is answered with when it is refused: `success` false, then the same `code`, `detail` and `errors` the
/// HTTP API would give, and `retryAfterMs` where trying again makes sense.
[[nodiscard]] std::string refusal_json(const api_error& error);
[[nodiscard]] std::string refusal_json(const schema::invalid& error);
/// Of anything caught: what is not meant for the caller is logged, and the answer does not explain itself.
[[nodiscard]] std::string refusal_json(const std::exception_ptr& error, const telemetry::logger& log);

/// The same as a refusal at the handshake; its message is the code.
[[nodiscard]] socketio::refused handshake_refusal(const std::exception_ptr& error, const telemetry::logger& log);

}  // namespace nxg::realtime
