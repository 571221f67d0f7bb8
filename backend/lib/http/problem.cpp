#include "http/problem.hpp"

#include "schema/json.hpp"
#include "schema/text.hpp"

#include <algorithm>
#include <utility>

namespace nxg::http {

namespace {

struct description {
  std::string_view name;
  int status;
};

description describe(protocol_error code) noexcept {
  switch (code) {
    case protocol_error::malformed_request: return {"malformed_request", 400};
    case protocol_error::invalid_request: return {"invalid_request", 400};
    case protocol_error::cursor_invalid: return {"cursor_invalid", 400};
    case protocol_error::api_version_unsupported: return {"api_version_unsupported", 400};
    case protocol_error::idempotency_key_required: return {"idempotency_key_required", 400};
    case protocol_error::idempotency_key_invalid: return {"idempotency_key_invalid", 400};
    case protocol_error::unauthenticated: return {"unauthenticated", 401};
    case protocol_error::forbidden: return {"forbidden", 403};
    case protocol_error::not_found: return {"not_found", 404};
    case protocol_error::method_not_allowed: return {"method_not_allowed", 405};
    case protocol_error::request_timeout: return {"request_timeout", 408};
    case protocol_error::idempotency_in_progress: return {"idempotency_in_progress", 409};
    case protocol_error::precondition_failed: return {"precondition_failed", 412};
    case protocol_error::payload_too_large: return {"payload_too_large", 413};
    case protocol_error::uri_too_long: return {"uri_too_long", 414};
    case protocol_error::unsupported_media_type: return {"unsupported_media_type", 415};
    case protocol_error::expectation_failed: return {"expectation_failed", 417};
    case protocol_error::idempotency_key_reused: return {"idempotency_key_reused", 422};
    case protocol_error::precondition_required: return {"precondition_required", 428};
    case protocol_error::rate_limited: return {"rate_limited", 429};
    case protocol_error::header_fields_too_large: return {"header_fields_too_large", 431};
    case protocol_error::internal_error: return {"internal_error", 500};
    case protocol_error::not_implemented: return {"not_implemented", 501};
    case protocol_error::busy: return {"busy", 503};
    case protocol_error::deadline_exceeded: return {"deadline_exceeded", 504};
    case protocol_error::http_version_not_supported: return {"http_version_not_supported", 505};
  }
  return {"internal_error", 500};
}

/// An error must not fail to be told: text that JSON cannot carry is left out.
void append_member(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  schema::append_json_string(out, schema::is_utf8(value) ? value : std::string_view{});
}

}  // namespace

int status_of(protocol_error code) noexcept { return describe(code).status; }
std::string_view name_of(protocol_error code) noexcept { return describe(code).name; }

std::string_view meaning_of(protocol_error code) noexcept {
  switch (code) {
    case protocol_error::malformed_request:
      return "The request is not written as HTTP wants it: a bad escape, header field or chunk, or no UTF-8. Mend the "
             "client.";
    case protocol_error::invalid_request:
      return "Fields are missing, unknown or out of range: `errors` names every one of them. Put them right and send "
             "it again.";
    case protocol_error::cursor_invalid:
      return "The cursor is not of this list, caller and filter, or was changed. Begin with the first page.";
    case protocol_error::api_version_unsupported:
      return "`x-api-version` names a version this server does not speak. Leave it out, or name one it does.";
    case protocol_error::idempotency_key_required:
      return "This operation needs an `Idempotency-Key`. Make one for each thing you do, and repeat it with the "
             "request.";
    case protocol_error::idempotency_key_invalid:
      return "An `Idempotency-Key` is 1 to 255 visible ASCII characters. A UUID is fine.";
    case protocol_error::unauthenticated:
      return "The operation needs an access token, as `Authorization: Bearer TOKEN`. Log in first.";
    case protocol_error::forbidden:
      return "You are known, and may not do this: your role, or what the operation is about, is another one. Do not "
             "repeat it.";
    case protocol_error::not_found: return "There is nothing at this path, or nothing of this id that is yours to see.";
    case protocol_error::method_not_allowed: return "The path does not take this method; `Allow` lists those it takes.";
    case protocol_error::request_timeout:
      return "The request did not arrive in time. Send it again, on a better connection.";
    case protocol_error::idempotency_in_progress:
      return "The first request with this `Idempotency-Key` is still at work. Repeat it after `Retry-After`.";
    case protocol_error::precondition_failed:
      return "The resource was changed since you read it. Read it again, and repeat the change with its new `ETag`.";
    case protocol_error::payload_too_large:
      return "The body is larger than the operation takes; `detail` says how large it may be.";
    case protocol_error::uri_too_long: return "Path and query are too long. Send fewer or shorter parameters.";
    case protocol_error::unsupported_media_type:
      return "The body has another media type than the operation takes, or is compressed; see `Accept` of the answer.";
    case protocol_error::expectation_failed: return "`Expect` may only say `100-continue`.";
    case protocol_error::idempotency_key_reused:
      return "The `Idempotency-Key` was used for another request. Make a new one for each thing you do.";
    case protocol_error::precondition_required: return "Send `If-Match` with the `ETag` your change is based on.";
    case protocol_error::rate_limited:
      return "Too many requests. Wait as long as `Retry-After` says; `RateLimit` tells what is left.";
    case protocol_error::header_fields_too_large: return "The header fields are too many or too long.";
    case protocol_error::internal_error:
      return "Something went wrong on the server, and was noted there. Tell the `requestId` when you report it.";
    case protocol_error::not_implemented: return "The method or transfer encoding is not known to this server.";
    case protocol_error::busy:
      return "The server has too much to do right now. Repeat the request after `Retry-After`.";
    case protocol_error::deadline_exceeded:
      return "The operation took too long and was given up. Read what became of it before you repeat it.";
    case protocol_error::http_version_not_supported: return "The server speaks HTTP/1.1.";
  }
  return "";
}

std::string_view reason_phrase(int status) noexcept {
  switch (status) {
    case 100: return "Continue";
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 207: return "Multi-Status";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 423: return "Locked";
    case 424: return "Failed Dependency";
    case 425: return "Too Early";
    case 426: return "Upgrade Required";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 451: return "Unavailable For Legal Reasons";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    case 507: return "Insufficient Storage";
    default: return "";
  }
}

problem::problem(int status, std::string code, std::string detail)
    : status_{status}, code_{std::move(code)}, detail_{std::move(detail)} {}

problem::problem(protocol_error code, std::string detail)
    : problem{status_of(code), std::string{name_of(code)}, std::move(detail)} {}

problem problem::with_errors(std::vector<field_error> errors) && {
  errors_ = std::move(errors);
  return std::move(*this);
}

problem problem::with_header(std::string_view name, std::string_view value) && {
  headers_.set(name, value);
  return std::move(*this);
}

problem problem::with_retry_after(std::chrono::seconds wait) && {
  headers_.set("Retry-After", std::to_string(std::max<std::int64_t>(1, wait.count())));
  return std::move(*this);
}

std::string to_json(const problem& error, std::string_view instance, std::string_view request_id,
                    std::string_view trace_id) {
  std::string out;
  append_member(out, R"({"type":)", "/api/docs/errors#" + error.code());
  append_member(out, R"(,"title":)", reason_phrase(error.status()));
  out += R"(,"status":)" + std::to_string(error.status());
  append_member(out, R"(,"detail":)", error.detail());
  if (!instance.empty()) append_member(out, R"(,"instance":)", instance);
  append_member(out, R"(,"success":false,"code":)", error.code());
  if (!request_id.empty()) append_member(out, R"(,"requestId":)", request_id);
  if (!trace_id.empty()) append_member(out, R"(,"traceId":)", trace_id);
  if (!error.errors().empty()) {
    out += R"(,"errors":[)";
    for (const auto& one : error.errors()) {
      if (out.back() != '[') out += ',';
      append_member(out, R"({"pointer":)", one.pointer);
      append_member(out, R"(,"code":)", one.code);
      append_member(out, R"(,"message":)", one.message);
      out += '}';
    }
    out += ']';
  }
  out += '}';
  return out;
}

}  // namespace nxg::http
