#pragma once

#include "http/message.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace nxg::schema {
class components;
struct parameter_schema;
}  // namespace nxg::schema

namespace nxg::http {

enum class access : std::uint8_t { undeclared, open, roles };
enum class keyed : std::uint8_t { no, optional, required };

/// How the answer carries what the handler returned.
enum class answer_kind : std::uint8_t { nothing, value, page, raw };

/// An error a route may answer with, beside those every route has.
struct declared_error {
  std::string code;
  int status;
};

/// A header a route reads or answers with, for the document.
struct declared_header {
  std::string name;
  std::string description;
  bool required = false;
};

/// What the body is, and who reads it.
enum class body_form : std::uint8_t {
  json,           ///< read before the chain; its type is checked by who reads it
  form,           ///< `multipart/form-data`, read as a whole once the caller was let in
  streamed_form,  ///< `multipart/form-data`, read by the handler while it arrives
  octets          ///< of `route_info::body_type`, read by the handler while it arrives
};

class cursor_signer;

/// The JSON Schema of one of the handler's types; a null pointer where it has no such type.
using schema_maker = std::string (*)(schema::components&);
using parameters_maker = std::vector<schema::parameter_schema> (*)(schema::components&);

/// Everything declared about one operation, without its types: what middleware looks at and OpenAPI is derived from.
struct route_info {
  verb method = verb::get;
  /// The template, `/api/machines/{machineId}`: the only form of a path that metrics and logs label with.
  std::string path;
  std::string operation_id;
  std::string summary;
  std::string description;
  std::vector<std::string> tags;

  access allowed = access::undeclared;
  /// Bit n is set when the role with the number n may call.
  std::uint32_t roles = 0;
  std::vector<std::string> role_names;

  int success_status = 200;
  std::size_t body_limit = 1024 * 1024;
  body_form body = body_form::json;
  /// The media type of a body of octets.
  std::string body_type = "application/octet-stream";
  std::chrono::milliseconds deadline{10'000};
  keyed idempotency = keyed::no;
  /// The name of the rate limit that applies; empty for the application's default.
  std::string limit_policy;
  /// The answer carries secrets: never compressed (BREACH), never stored (`Cache-Control: no-store`), never kept for
  /// an idempotent replay.
  bool secret = false;
  /// Left out of the document (pages, assets, aliases).
  bool hidden = false;
  bool deprecated = false;
  /// `Cache-Control` of successful answers; private and not stored unless said otherwise.
  std::string cache_control = "private, no-store";
  std::vector<declared_error> errors;
  std::vector<declared_header> response_headers;
  /// JSON texts, empty when none was given.
  std::string request_example;
  std::string response_example;

  /// Filled in by `handle` from the types of the handler.
  parameters_maker path_schema = nullptr;
  parameters_maker query_schema = nullptr;
  schema_maker body_schema = nullptr;
  /// Of `data`; for a page, of one item.
  schema_maker data_schema = nullptr;
  answer_kind answers = answer_kind::nothing;
  /// Takes `limit` and `cursor`.
  bool paged = false;
  /// Reads `If-Match`; required unless the handler takes an optional.
  keyed conditional = keyed::no;
  /// The answer has an `ETag` made of the document's version.
  bool versioned = false;
  /// Answers 201 or 202 with a `Location`.
  bool located = false;
  /// The handler asks who calls, so the route cannot be open.
  bool takes_principal = false;
  /// Reads the request itself: unknown query parameters are its own business.
  bool reads_request = false;

  /// Set when the router is sealed.
  const cursor_signer* cursors = nullptr;
};

}  // namespace nxg::http
