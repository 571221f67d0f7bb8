#pragma once

#include "http/header_fields.hpp"
#include "http/principal.hpp"
#include "http/problem.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "runtime/uuid.hpp"
#include "telemetry/trace.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nxg::http {

struct route_info;
class body_source;

enum class verb : std::uint8_t { get, head, post, put, patch, del, options };

/// "DELETE" for `verb::del`.
[[nodiscard]] std::string_view to_string(verb method) noexcept;
[[nodiscard]] std::optional<verb> parse_verb(std::string_view method) noexcept;

/// A decoded name and value: of the path (`{machineId}`), of the query, or of a form.
struct parameter {
  std::string name;
  std::string value;
};

/// Lets a deadline reach the coroutine that answers a request. The server supplies it; requests made by hand have none.
class interruption {
 public:
  interruption() = default;
  interruption(const interruption&) = delete;
  interruption& operator=(const interruption&) = delete;
  virtual ~interruption() = default;

  /// At `when` what the request's coroutine waits for is cancelled (`operation_aborted`). To about 50 ms.
  virtual void arm(steady_instant when) = 0;
  /// True when it struck since `arm`.
  virtual bool disarm() = 0;
};

/// One request. Its body has arrived as a whole, but for routes that read it themselves. Belongs to the core that read
/// it.
struct request {
  verb method = verb::get;
  /// As sent: path and query.
  std::string target;
  /// As sent, before `?`, with escapes.
  std::string path;
  /// As sent, after `?`.
  std::string query;
  header_fields headers;
  std::string body;
  /// Of routes that read the body themselves (`route_info::body`), while there is something to read; else null.
  body_source* source = nullptr;

  /// Of the caller: the peer, or what trusted proxies say in X-Forwarded-For. Text form, "" when unknown.
  std::string remote_address;
  /// Set by the request-id middleware: the caller's if it sent a UUID, else a new one.
  uuid id;
  telemetry::trace_context trace;
  /// Which core (of the `io_pool`) serves it.
  std::size_t core = 0;
  steady_instant received{};
  /// When the answer has to be there; what calls others passes the rest of it on.
  std::optional<steady_instant> deadline;

  /// The declaration that matched; null for an unknown path or wrong verb. The router keeps it alive.
  const route_info* route = nullptr;
  std::vector<parameter> path_parameters;
  /// Set by authentication on every route that is not open.
  std::shared_ptr<const principal> who;

  /// Where the ids of what a POST creates come from: the same ones when a keyed request is run again.
  /// See `new_ids` in route.hpp.
  struct {
    uuid seed;
    instant at{};
  } operation;

  /// Put on the answer, whatever it turns out to be; for middleware that has something to say on every answer.
  header_fields reply_headers;

  /// Why the server refuses it without asking the route (too large, no such path): answered by the error boundary.
  std::optional<problem> refusal;
  interruption* interrupt = nullptr;

  /// Decoded query, in order, repeated names kept. Throws `problem` (400) on a bad escape or bad UTF-8.
  [[nodiscard]] std::vector<parameter> query_parameters() const;
  [[nodiscard]] std::optional<std::string_view> path_parameter(std::string_view name) const noexcept;
};

/// A content that is read while it is sent, so that no more than a piece of it is held.
class content_source {
 public:
  content_source() = default;
  content_source(const content_source&) = delete;
  content_source& operator=(const content_source&) = delete;
  virtual ~content_source() = default;

  [[nodiscard]] virtual std::uint64_t size() const noexcept = 0;
  /// The next piece; pieces are not empty before `size` octets came. What it throws ends the connection: the caller
  /// notices by the length.
  virtual task<std::string> next() = 0;
};

struct response {
  int status = 200;
  header_fields headers;
  std::string body;
  /// Sent instead of `body` when set: one text for many answers.
  std::shared_ptr<const std::string> shared_body;
  /// Sent instead of both when set.
  std::shared_ptr<content_source> stream;
  /// The problem's code, for log and metrics; empty on success.
  std::string code;
  /// Close the connection after this answer.
  bool close = false;

  [[nodiscard]] std::string_view content() const noexcept { return shared_body ? *shared_body : body; }
};

/// An answer with a body and its `Content-Type`.
[[nodiscard]] response make_response(int status, std::string_view content_type, std::string body);
/// The problem as an answer to this request.
[[nodiscard]] response to_response(const problem& error, const request& to);

/// `%41` to `A`; with `plus_is_space` also `+` to a space (queries). Nothing for a bad escape, NUL, or bad UTF-8.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);
/// Escapes everything but RFC 3986 unreserved characters.
[[nodiscard]] std::string percent_encode(std::string_view text);

}  // namespace nxg::http
