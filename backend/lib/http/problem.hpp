#pragma once

#include "http/header_fields.hpp"

#include <chrono>
#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::http {

/// One wrong part of a request. `pointer` is a JSON pointer into the body (`/sets/0/reps`), or `/query/limit`,
/// `/path/machineId`, `/header/If-Match` for what did not come in the body.
struct field_error {
  std::string pointer;
  std::string code;
  std::string message;
};

/// What the protocol itself can refuse. Applications have their own codes on top; the name is the contract.
enum class protocol_error : std::uint8_t {
  malformed_request,
  invalid_request,
  cursor_invalid,
  api_version_unsupported,
  idempotency_key_required,
  idempotency_key_invalid,
  unauthenticated,
  forbidden,
  not_found,
  method_not_allowed,
  request_timeout,
  idempotency_in_progress,
  precondition_failed,
  payload_too_large,
  uri_too_long,
  unsupported_media_type,
  expectation_failed,
  idempotency_key_reused,
  precondition_required,
  rate_limited,
  header_fields_too_large,
  internal_error,
  not_implemented,
  busy,
  deadline_exceeded,
  http_version_not_supported,
};

[[nodiscard]] int status_of(protocol_error code) noexcept;
[[nodiscard]] std::string_view name_of(protocol_error code) noexcept;
/// For people: what it means, and what to do about it.
[[nodiscard]] std::string_view meaning_of(protocol_error code) noexcept;
/// "Not Found"; empty for a number this library never sends.
[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

/// An error answer (RFC 9457), thrown by handlers and middleware or made by the application's translator.
class problem : public std::exception {
 public:
  /// `code` is stable, lower_snake_case. `detail` is one sentence for the caller, with nothing of the inside in it.
  problem(int status, std::string code, std::string detail);
  problem(protocol_error code, std::string detail);

  [[nodiscard]] problem with_errors(std::vector<field_error> errors) &&;
  [[nodiscard]] problem with_header(std::string_view name, std::string_view value) &&;
  /// `Retry-After`, whole seconds, at least one.
  [[nodiscard]] problem with_retry_after(std::chrono::seconds wait) &&;

  [[nodiscard]] int status() const noexcept { return status_; }
  [[nodiscard]] const std::string& code() const noexcept { return code_; }
  [[nodiscard]] const std::string& detail() const noexcept { return detail_; }
  [[nodiscard]] const std::vector<field_error>& errors() const noexcept { return errors_; }
  [[nodiscard]] const header_fields& headers() const noexcept { return headers_; }
  [[nodiscard]] const char* what() const noexcept override { return detail_.c_str(); }

 private:
  int status_;
  std::string code_;
  std::string detail_;
  std::vector<field_error> errors_;
  header_fields headers_;
};

/// A problem from an application's error enum, which supplies `status_of(code)` and `name_of(code)` by ADL.
template <class Code>
[[nodiscard]] problem make_problem(Code code, std::string detail) {
  return problem{status_of(code), std::string{name_of(code)}, std::move(detail)};
}

/// The body of `application/problem+json`: type (the code's place in the table of errors, see reference_page.hpp),
/// title, status, detail, instance, success:false, code, requestId, traceId and, when there are any, errors. `instance`
/// is the path of the request; empty strings are left out.
[[nodiscard]] std::string to_json(const problem& error, std::string_view instance, std::string_view request_id,
                                  std::string_view trace_id);

}  // namespace nxg::http
