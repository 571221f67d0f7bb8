#include "http/openapi.hpp"

#include "schema/json.hpp"
#include "schema/json_schema.hpp"

#include <boost/describe/class.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace nxg::http {

namespace {

/// Builds one JSON object, members in the order they come.
class object {
 public:
  object& raw(std::string_view name, std::string_view json) {
    key(name);
    text_ += json;
    return *this;
  }
  object& text(std::string_view name, std::string_view value) {
    key(name);
    schema::append_json_string(text_, value);
    return *this;
  }
  object& text_unless_empty(std::string_view name, std::string_view value) {
    return value.empty() ? *this : text(name, value);
  }
  [[nodiscard]] bool empty() const noexcept { return text_.size() == 1; }
  [[nodiscard]] std::string done() const { return text_ + '}'; }

 private:
  void key(std::string_view name) {
    if (!empty()) text_ += ',';
    schema::append_json_string(text_, name);
    text_ += ':';
  }
  std::string text_ = "{";
};

std::string json_quoted(std::string_view text) {
  std::string out;
  schema::append_json_string(out, text);
  return out;
}

std::string array_of(const std::vector<std::string>& json) {
  std::string text = "[";
  for (const auto& one : json) text.append(text.size() == 1 ? "" : ",").append(one);
  return text + ']';
}

std::string strings(const std::vector<std::string>& texts) {
  std::vector<std::string> json;
  json.reserve(texts.size());
  for (const auto& one : texts) json.push_back(json_quoted(one));
  return array_of(json);
}

std::string reference(std::string_view kind, std::string_view name) {
  return object{}.text("$ref", "#/components/" + std::string{kind} + '/' + std::string{name}).done();
}

struct wrong_field {
  static constexpr std::string_view schema_name = "FieldError";
  static constexpr schema::note descriptions[] = {
      {"pointer", "JSON pointer into the body, or /query/name, /path/name, /header/Name"},
      {"code", "Stable; what programs look at"},
      {"message", "For people"}};
  std::string pointer;
  std::string code;
  std::string message;
};
BOOST_DESCRIBE_STRUCT(wrong_field, (), (pointer, code, message))

struct problem_body {
  static constexpr std::string_view schema_name = "Problem";
  static constexpr std::string_view description = "Why a request was not served (RFC 9457)";
  static constexpr schema::note descriptions[] = {{"type", "The code's place in the table of errors"},
                                                  {"instance", "The path of the request"},
                                                  {"success", "Always false"},
                                                  {"code", "Stable; what programs look at"},
                                                  {"request_id", "Tell it when you report a fault"},
                                                  {"trace_id", "W3C trace"},
                                                  {"errors", "Every wrong field, at once"}};
  std::string type;
  std::string title;
  int status = 0;
  std::string detail;
  std::optional<std::string> instance;
  bool success = false;
  std::string code;
  std::optional<std::string> request_id;
  std::optional<std::string> trace_id;
  std::optional<std::vector<wrong_field>> errors;
};
BOOST_DESCRIBE_STRUCT(problem_body, (),
                      (type, title, status, detail, instance, success, code, request_id, trace_id, errors))

constexpr std::string_view any_meta = R"({"type":"object"})";
constexpr std::string_view page_meta =
    R"({"type":"object","properties":{"nextCursor":{"type":"string","description":"Send it as `cursor` for the next page; absent on the last"}}})";

/// Codes by status, each once, in order.
using code_table = std::map<int, std::set<std::string>>;

void enter(code_table& table, protocol_error code) { table[status_of(code)].insert(std::string{name_of(code)}); }

bool has_body(const route_info& route) { return route.body_schema != nullptr || route.body == body_form::octets; }

code_table errors_of(const route_info& route, const api_description& about) {
  code_table table;
  for (const auto& one : route.errors) table[one.status].insert(one.code);
  for (const auto code : {protocol_error::malformed_request, protocol_error::invalid_request,
                          protocol_error::api_version_unsupported, protocol_error::rate_limited,
                          protocol_error::internal_error, protocol_error::busy, protocol_error::deadline_exceeded}) {
    enter(table, code);
  }
  if (route.allowed == access::roles) {
    enter(table, protocol_error::unauthenticated);
    enter(table, protocol_error::forbidden);
    for (const auto& one : about.common_errors) table[one.status].insert(one.code);
  }
  if (has_body(route)) {
    for (const auto code :
         {protocol_error::payload_too_large, protocol_error::unsupported_media_type, protocol_error::request_timeout}) {
      enter(table, code);
    }
  }
  if (route.paged) enter(table, protocol_error::cursor_invalid);
  if (route.conditional != keyed::no) enter(table, protocol_error::precondition_failed);
  if (route.conditional == keyed::required) enter(table, protocol_error::precondition_required);
  if (route.idempotency != keyed::no) {
    for (const auto code : {protocol_error::idempotency_key_invalid, protocol_error::idempotency_in_progress,
                            protocol_error::idempotency_key_reused}) {
      enter(table, code);
    }
  }
  if (route.idempotency == keyed::required) enter(table, protocol_error::idempotency_key_required);
  return table;
}

std::string error_response(int status, const std::set<std::string>& codes) {
  std::string description;
  std::vector<std::string> names;
  for (const auto& code : codes) {
    description.append(description.empty() ? "`" : ", `").append(code).append("`");
    names.push_back(code);
  }
  const auto code_schema =
      object{}.raw("properties", object{}.raw("code", object{}.raw("enum", strings(names)).done()).done());
  const auto schema = object{}.raw("allOf", array_of({reference("schemas", "Problem"), code_schema.done()})).done();
  object headers;
  headers.raw("X-Request-Id", reference("headers", "X-Request-Id"));
  if (status == 429 || status == 503 || status == 504) headers.raw("Retry-After", reference("headers", "Retry-After"));
  if (status == 401) headers.raw("WWW-Authenticate", reference("headers", "WWW-Authenticate"));
  return object{}
      .text("description", description)
      .raw("headers", headers.done())
      .raw("content", object{}.raw("application/problem+json", object{}.raw("schema", schema).done()).done())
      .done();
}

bool has_etag(const route_info& route) {
  return route.versioned || (route.method == verb::get && !route.secret && route.success_status == 200);
}

std::string success_headers(const route_info& route) {
  object headers;
  for (const auto* name : {"X-Request-Id", "RateLimit", "RateLimit-Policy", "x-api-version"}) {
    headers.raw(name, reference("headers", name));
  }
  if (has_etag(route)) headers.raw("ETag", reference("headers", "ETag"));
  if (route.located) headers.raw("Location", reference("headers", "Location"));
  if (route.paged) headers.raw("Link", reference("headers", "Link"));
  if (route.idempotency != keyed::no) headers.raw("Idempotent-Replayed", reference("headers", "Idempotent-Replayed"));
  for (const auto& one : route.response_headers) {
    headers.raw(one.name, object{}.text("description", one.description).raw("schema", R"({"type":"string"})").done());
  }
  return headers.done();
}

std::string envelope_schema(const route_info& route, schema::components& all) {
  auto data = route.data_schema(all);
  if (route.answers == answer_kind::page) data = object{}.text("type", "array").raw("items", data).done();
  const auto properties = object{}
                              .raw("success", R"({"const":true})")
                              .raw("data", data)
                              .raw("meta", route.answers == answer_kind::page ? page_meta : any_meta);
  return object{}
      .text("type", "object")
      .raw("required", R"(["success","data","meta"])")
      .raw("properties", properties.done())
      .done();
}

std::string success_response(const route_info& route, schema::components& all) {
  object answer;
  answer.text("description", reason_phrase(route.success_status)).raw("headers", success_headers(route));
  if (route.data_schema != nullptr) {
    object media;
    media.raw("schema", envelope_schema(route, all));
    if (!route.response_example.empty()) {
      const auto& example = route.response_example;
      media.raw("example", object{}.raw("success", "true").raw("data", example).raw("meta", "{}").done());
    }
    answer.raw("content", object{}.raw("application/json", media.done()).done());
  }
  return answer.done();
}

std::string parameter_json(const schema::parameter_schema& one, std::string_view place) {
  object parameter;
  parameter.text("name", one.key).text("in", place);
  parameter.text_unless_empty("description", one.description);
  parameter.raw("required", place == "path" || one.required ? "true" : "false");
  // Lists are written with commas, once.
  if (place == "query") parameter.text("style", "form").raw("explode", "false");
  return parameter.raw("schema", one.schema).done();
}

std::string parameters_json(const route_info& route, schema::components& all) {
  std::vector<std::string> parameters;
  if (route.path_schema != nullptr) {
    for (const auto& one : route.path_schema(all)) parameters.push_back(parameter_json(one, "path"));
  }
  if (route.query_schema != nullptr) {
    for (const auto& one : route.query_schema(all)) parameters.push_back(parameter_json(one, "query"));
  }
  if (route.paged) {
    parameters.push_back(reference("parameters", "limit"));
    parameters.push_back(reference("parameters", "cursor"));
  }
  if (route.idempotency != keyed::no) {
    parameters.push_back(
        reference("parameters", route.idempotency == keyed::required ? "idempotencyKeyRequired" : "idempotencyKey"));
  }
  if (route.conditional != keyed::no) {
    parameters.push_back(reference("parameters", route.conditional == keyed::required ? "ifMatchRequired" : "ifMatch"));
  }
  if (has_etag(route) && route.method == verb::get) parameters.push_back(reference("parameters", "ifNoneMatch"));
  parameters.push_back(reference("parameters", "apiVersion"));
  return array_of(parameters);
}

std::string media_type_of(const route_info& route) {
  switch (route.body) {
    case body_form::json: return "application/json";
    case body_form::form:
    case body_form::streamed_form: return "multipart/form-data";
    case body_form::octets: return route.body_type;
  }
  return {};
}

std::string body_json(const route_info& route, schema::components& all) {
  object media;
  media.raw("schema", route.body_schema != nullptr ? route.body_schema(all) : R"({"type":"string","format":"binary"})");
  if (!route.request_example.empty()) media.raw("example", route.request_example);
  return object{}
      .raw("required", "true")
      .raw("content", object{}.raw(media_type_of(route), media.done()).done())
      .done();
}

std::string operation_json(const route_info& route, const api_description& about, schema::components& all) {
  object operation;
  operation.text("operationId", route.operation_id);
  operation.text_unless_empty("summary", route.summary).text_unless_empty("description", route.description);
  if (!route.tags.empty()) operation.raw("tags", strings(route.tags));
  if (route.deprecated) operation.raw("deprecated", "true");
  operation.raw("parameters", parameters_json(route, all));
  if (has_body(route)) operation.raw("requestBody", body_json(route, all));
  object responses;
  responses.raw(std::to_string(route.success_status), success_response(route, all));
  if (has_etag(route) && route.method == verb::get) responses.raw("304", reference("responses", "NotModified"));
  for (const auto& [status, codes] : errors_of(route, about)) {
    if (status != route.success_status) responses.raw(std::to_string(status), error_response(status, codes));
  }
  operation.raw("responses", responses.done());
  // OpenAPI 3.1 lets schemes that are not OAuth name roles here.
  operation.raw("security", route.allowed == access::open
                                ? std::string{"[]"}
                                : array_of({object{}.raw("accessToken", strings(route.role_names)).done()}));
  return operation.done();
}

std::string paths_json(const router& routes, const api_description& about, schema::components& all) {
  std::map<std::string, std::map<verb, std::string>> by_path;
  for (const auto* route : routes.routes()) {
    if (!route->hidden) by_path[route->path][route->method] = operation_json(*route, about, all);
  }
  object paths;
  for (const auto& [path, operations] : by_path) {
    object item;
    for (const auto& [method, operation] : operations) {
      std::string name{to_string(method)};
      std::ranges::transform(name, name.begin(), [](char c) { return static_cast<char>(c + ('a' - 'A')); });
      item.raw(name, operation);
    }
    paths.raw(path, item.done());
  }
  return paths.done();
}

constexpr std::string_view common_parameters = R"({
"limit":{"name":"limit","in":"query","description":"Items of a page","schema":{"type":"integer","minimum":1,"maximum":100,"default":20}},
"cursor":{"name":"cursor","in":"query","description":"`meta.nextCursor` of the page before","schema":{"type":"string"}},
"idempotencyKey":{"name":"Idempotency-Key","in":"header","description":"Yours, new for each thing you do: repeating the request with it does nothing twice","schema":{"type":"string","minLength":1,"maxLength":255}},
"idempotencyKeyRequired":{"name":"Idempotency-Key","in":"header","required":true,"description":"Yours, new for each thing you do: repeating the request with it does nothing twice","schema":{"type":"string","minLength":1,"maxLength":255}},
"ifMatch":{"name":"If-Match","in":"header","description":"The ETag your change is based on; 412 when it is not the newest","schema":{"type":"string"}},
"ifMatchRequired":{"name":"If-Match","in":"header","required":true,"description":"The ETag your change is based on; 412 when it is not the newest","schema":{"type":"string"}},
"ifNoneMatch":{"name":"If-None-Match","in":"header","description":"ETags you have: 304 when one is current","schema":{"type":"string"}},
"apiVersion":{"name":"x-api-version","in":"header","description":"The version of the API you were written for; echoed","schema":{"type":"string"}}
})";

constexpr std::string_view common_headers = R"({
"X-Request-Id":{"description":"Of this request; yours if you sent a UUID","schema":{"type":"string","format":"uuid"}},
"RateLimit":{"description":"What is left: `\"policy\";r=requests;t=seconds`","schema":{"type":"string"}},
"RateLimit-Policy":{"description":"The limit: `\"policy\";q=requests;w=seconds`","schema":{"type":"string"}},
"x-api-version":{"description":"The version that answered","schema":{"type":"string"}},
"ETag":{"description":"Of this state of the resource, for If-None-Match and If-Match","schema":{"type":"string"}},
"Location":{"description":"Where the result is","schema":{"type":"string"}},
"Link":{"description":"`rel=\"next\"`, unless this is the last page","schema":{"type":"string"}},
"Idempotent-Replayed":{"description":"`true` when this is the stored answer of an earlier request","schema":{"type":"string"}},
"Retry-After":{"description":"Seconds to wait","schema":{"type":"integer","minimum":1}},
"WWW-Authenticate":{"description":"Bearer","schema":{"type":"string"}}
})";

std::string components_json(schema::components& all) {
  return object{}
      .raw("schemas", all.to_json())
      .raw("parameters", common_parameters)
      .raw("headers", common_headers)
      .raw("responses", R"({"NotModified":{"description":"You have the current state already"}})")
      .raw("securitySchemes", R"({"accessToken":{"type":"http","scheme":"bearer","bearerFormat":"JWT"}})")
      .done();
}

}  // namespace

std::string openapi_document(const router& routes, const api_description& about) {
  schema::components all;
  static_cast<void>(all.schema_of<problem_body>());
  const auto paths = paths_json(routes, about, all);

  std::vector<std::string> servers;
  servers.reserve(about.servers.size() + 1);
  for (const auto& one : about.servers) servers.push_back(object{}.text("url", one).done());
  if (servers.empty()) servers.push_back(R"({"url":"/"})");
  std::vector<std::string> tags;
  tags.reserve(about.tags.size());
  for (const auto& one : about.tags)
    tags.push_back(object{}.text("name", one.name).text("description", one.description).done());

  const auto info = object{}
                        .text("title", about.title)
                        .text("version", about.version)
                        .text_unless_empty("description", about.description);
  return object{}
      .text("openapi", "3.1.0")
      .raw("info", info.done())
      .raw("servers", array_of(servers))
      .raw("tags", array_of(tags))
      .raw("paths", paths)
      .raw("components", components_json(all))
      .done();
}

}  // namespace nxg::http
