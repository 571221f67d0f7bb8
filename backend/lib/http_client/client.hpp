#pragma once

#include "runtime/clock.hpp"
#include "runtime/task.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nxg::http {

/// Why there is no answer.
enum class client_failure : std::uint8_t {
  /// The request itself cannot be sent: bad URL, other scheme than http or https, line feeds in a header.
  invalid_request,
  /// Too many requests of this client are under way; nothing was sent.
  busy,
  /// The name was not found.
  resolve,
  /// Nobody listens, or no connection, TLS handshake included, within `connect_timeout`.
  connect,
  /// The certificate does not verify, or the handshake failed.
  tls,
  /// No complete answer within `timeout`. The request may have been carried out.
  timeout,
  /// The connection ended before the answer was complete. The request may have been carried out.
  cut,
  /// The answer is longer than `max_response_bytes`, or its head than 64 KiB.
  too_large,
  /// What came is no HTTP.
  protocol,
  /// The client is being destroyed.
  stopped,
};
std::string_view name_of(client_failure how) noexcept;

class client_error : public std::runtime_error {
 public:
  client_error(client_failure kind, const std::string& what) : std::runtime_error{what}, how{kind} {}
  client_failure how;
};

using client_headers = std::vector<std::pair<std::string, std::string>>;

struct client_request {
  std::string method = "GET";
  /// Absolute, http or https, already percent-encoded.
  std::string url{};
  client_headers headers{};
  std::string body{};
  /// Twice does what once does: a POST or PATCH that need not have a connection of its own.
  bool repeatable = false;
  /// From `send` to the last byte of the answer.
  std::chrono::milliseconds timeout{5'000};
  std::chrono::milliseconds connect_timeout{3'000};
  std::size_t max_response_bytes = 2 << 20;
};

struct client_response {
  int status = 0;
  /// As received, in order; names in lower case.
  client_headers headers;
  /// With content codings (gzip, br, …) undone; the bound holds for this.
  std::string body;

  /// The first header of that name, in any case.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept;
  /// `Retry-After` as a pause from `now` on, in seconds or as a date, at most a day; nothing where absent or
  /// unreadable.
  [[nodiscard]] std::optional<std::chrono::milliseconds> retry_after(instant now) const noexcept;
};

struct client_options {
  std::string user_agent = "nxg-connect";
  /// Requests under way; more are refused with `busy`.
  std::size_t max_running = 256;
  /// Idle connections kept for later requests.
  std::size_t max_idle_connections = 64;
  /// PEM file of certificate authorities instead of the system's.
  std::string ca_file{};
  /// `http://host:port`; empty: none. The environment's proxy variables are not looked at.
  std::string proxy{};
};

/// An HTTP/1.1 and HTTP/2 client. Certificates are verified, redirects are answers like any other, cookies are not
/// kept. An answer of any status is a response; no answer is a `client_error`.
///
/// Nothing is retried, with one exception of HTTP's own: a kept connection that turns out to be closed before any byte
/// of an answer is replaced and the request sent again. As that could do a thing twice, POST and PATCH that are not
/// `repeatable` and have no `Idempotency-Key` header get a new connection.
///
/// Its connections live on the executor it was made with; `send` may be called from any thread and resumes the caller
/// on its own executor. Cancelling a `send` resumes the caller and ends the request at once.
class client {
 public:
  /// `time` must outlive the client; `where` is one thread's.
  client(executor where, runtime::clock& time, client_options options = {});
  /// Requests under way end with `stopped`. Destroy it on its executor's thread, or when that no longer runs.
  ~client();
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  /// Throws `client_error`. (With g++ 12 name the request first: a temporary made of braces inside `co_await` is
  /// destroyed twice.)
  task<client_response> send(client_request request);

  /// Requests under way.
  [[nodiscard]] std::size_t running() const noexcept;
  /// Connections opened since the start; fewer than requests where they are kept alive.
  [[nodiscard]] std::uint64_t connections_opened() const noexcept;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace nxg::http
