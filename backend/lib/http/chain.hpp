#pragma once

#include "http/middleware.hpp"
#include "runtime/clock.hpp"
#include "runtime/random.hpp"

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The chain every request passes: `standard_chain` puts the pieces in the one right order; each can be used alone.
/// What they need of the application comes in through small ports, which are shared by all cores (thread-safe) and
/// outlive the router.
namespace nxg::http {

/// Called once per request when its answer is ready: for the access log and metrics. Must not throw.
/// Label metrics with `request.route->path` (or "none"), never with the path itself.
using observer = std::function<void(const request&, const response&, std::chrono::nanoseconds took)>;

/// Makes the application's exceptions problems; nothing for those it does not know, which become a 500.
using translator = std::function<std::optional<problem>(std::exception_ptr)>;
/// Told of each error that became a 500, with all it says: for the log and error reports, never for the caller.
using failure_listener = std::function<void(const request&, std::exception_ptr)>;
/// Told of a code that a route answered without declaring it: tests fail on it, production logs it.
using undeclared_listener = std::function<void(const route_info&, const problem&)>;

/// Port: who calls.
class authenticator {
 public:
  authenticator() = default;
  authenticator(const authenticator&) = delete;
  authenticator& operator=(const authenticator&) = delete;
  virtual ~authenticator() = default;

  /// Without waiting: a token met before. Null when `authenticate` has to look. May throw `problem`.
  [[nodiscard]] virtual std::shared_ptr<const principal> recall(const request&) { return nullptr; }
  /// Null when the request carries no credentials. Throws `problem`: 401 for bad ones (with its own code, such as
  /// `token_expired`; `WWW-Authenticate` is added), 503 when it cannot tell.
  virtual task<std::shared_ptr<const principal>> authenticate(const request& incoming) = 0;
};

/// What the rate limiter decided, in the words of draft-ietf-httpapi-ratelimit-headers.
struct rate_verdict {
  bool allowed = true;
  /// The policy's name, quota and window, and what is left of it.
  std::string policy = "default";
  std::uint64_t quota = 0;
  std::chrono::seconds window{0};
  std::uint64_t remaining = 0;
  /// Until `remaining` grows again; for a refusal, until the next request may pass.
  std::chrono::seconds reset{0};
};

/// Port: whether a request may pass. Asked after authentication, so by principal or, on open routes, by address.
class rate_limit {
 public:
  rate_limit() = default;
  rate_limit(const rate_limit&) = delete;
  rate_limit& operator=(const rate_limit&) = delete;
  virtual ~rate_limit() = default;

  /// Without waiting. Nothing when `take` has to ask.
  [[nodiscard]] virtual std::optional<rate_verdict> try_take(const request&) { return std::nullopt; }
  virtual task<rate_verdict> take(const request& incoming) = 0;
};

/// An answer kept for replay.
struct stored_answer {
  int status = 0;
  std::string content_type;
  std::string location;
  std::string etag;
  std::string preference_applied;
  std::string body;
};

/// Port: durable records of keyed operations, unique by (principal, operation, key).
class idempotency_store {
 public:
  struct claim {
    uuid principal;
    /// The route's operation id.
    std::string operation;
    std::string key;
    /// SHA-256 of method, target, preferences and body, hexadecimal.
    std::string fingerprint;
    /// What the ids of a first try are made from.
    uuid seed;
    instant now{};
    /// Until then nobody else may run it; a process that died loses it then.
    instant claimed_until{};
    instant expires{};
  };
  struct record {
    enum class outcome : std::uint8_t {
      /// Inserted: this is the first try.
      begun,
      /// An earlier try never finished and its claim ended: run it again with `seed` and `at`.
      resumed,
      in_progress,
      finished
    };
    outcome found = outcome::begun;
    /// Of the first try.
    std::string fingerprint;
    uuid seed;
    instant at{};
    /// Until then it is claimed by another.
    instant claimed_until{};
    stored_answer answer;
  };

  idempotency_store() = default;
  idempotency_store(const idempotency_store&) = delete;
  idempotency_store& operator=(const idempotency_store&) = delete;
  virtual ~idempotency_store() = default;

  /// One atomic step: inserts the claim, or takes over one that ended (only when the fingerprint is the same), or
  /// reports.
  virtual task<record> begin(const claim& wanted) = 0;
  /// Keeps the answer until the claim's `expires`.
  virtual task<void> finish(const claim& held, const stored_answer& answer) = 0;
  /// Ends the claim and keeps the ids: the next try resumes.
  virtual task<void> release(const claim& held) = 0;
  /// Removes the record of a first try that provably did nothing (a 4xx).
  virtual task<void> forget(const claim& held) = 0;
};

struct cors_options {
  /// Exact origins, or one "*" (then without credentials).
  std::vector<std::string> origins{};
  std::chrono::seconds max_age{600};
};

struct security_header_options {
  /// Strict-Transport-Security; zero leaves it out.
  std::chrono::seconds hsts{std::chrono::hours{24 * 365}};
  /// Of everything that does not bring its own.
  std::string content_security_policy = "default-src 'none'; frame-ancestors 'none'";
};

/// `X-Request-Id` (or `X-Correlation-ID`) taken over if it is a UUID, W3C `traceparent` continued or begun; both are in
/// the answer. Then tells the observer. Outermost.
[[nodiscard]] middleware observe(runtime::clock& time, runtime::random& random, observer on_answer);
/// An answer on every path: problems as they are, the application's by the translator, everything else (also what is
/// no `std::exception`) as a 500 without a word of explanation. Answers `request.refusal`.
[[nodiscard]] middleware error_boundary(translator translate, failure_listener on_failure,
                                        undeclared_listener on_undeclared);
/// Cross-origin rules with preflight, and the usual protective headers.
[[nodiscard]] middleware protective_headers(cors_options cors, security_header_options security);
/// `x-api-version`: absent or one of these, else 400; echoed. The first is assumed when absent.
[[nodiscard]] middleware api_version(std::vector<std::string> versions);
/// Cancels what the route waits for at its deadline and answers 504 `deadline_exceeded`.
[[nodiscard]] middleware deadline(runtime::clock& time);
/// 401 without a principal, 403 for a role the route does not allow. Open routes are not asked.
[[nodiscard]] middleware authenticate(authenticator& port);
/// 429 with `Retry-After`; `RateLimit` and `RateLimit-Policy` on every answer.
[[nodiscard]] middleware limit_rate(rate_limit& port);
/// Reads the forms of routes that take them as a whole, now that the caller is let in. 415 before anything is read.
[[nodiscard]] middleware receive_forms();
/// `Idempotency-Key` on routes that declare it: 400 when missing or malformed, 409 while the first runs, 422 for
/// another request under the same key, replays marked `Idempotent-Replayed: true`. The translator tells refusals, after
/// which nothing is kept, from failures, after which a retry resumes.
[[nodiscard]] middleware idempotency(idempotency_store& store, runtime::clock& time, runtime::random& random,
                                     translator translate, std::chrono::seconds kept = std::chrono::hours{24});
/// Strong `ETag` on successful reads that have none, 304 for a matching `If-None-Match`, and gzip above 1 KiB for who
/// accepts it.
[[nodiscard]] middleware represent(std::size_t compress_above = 1024);

/// The application's side of the whole chain. Null ports leave their piece out, which only tests may want.
struct chain_options {
  runtime::clock& time;
  runtime::random& random;
  observer on_answer{};
  translator translate{};
  failure_listener on_failure{};
  undeclared_listener on_undeclared{};
  cors_options cors{};
  security_header_options security{};
  std::vector<std::string> api_versions{"1.1", "1.0"};
  authenticator* authentication = nullptr;
  rate_limit* limits = nullptr;
  idempotency_store* keyed_operations = nullptr;
};

/// observe, protective headers, error boundary, version, deadline, authentication and authorisation, rate limit,
/// forms, representation, idempotency.
[[nodiscard]] std::vector<middleware> standard_chain(chain_options options);

}  // namespace nxg::http
