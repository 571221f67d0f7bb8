#include "http/detail/binding.hpp"

#include "http/header_fields.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace nxg::http::detail {

namespace {

std::string_view without_parameters(std::string_view content_type) noexcept {
  auto type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  return type;
}

bool is_page_parameter(std::string_view name) noexcept { return name == "limit" || name == "cursor"; }

/// What a cursor is for: the same operation, caller and filters, in whatever order they were written.
std::string cursor_context(const request& asked, const std::vector<parameter>& query) {
  std::vector<std::string> filters;
  for (const auto& one : query) {
    if (!is_page_parameter(one.name)) filters.push_back(percent_encode(one.name) + '=' + percent_encode(one.value));
  }
  std::ranges::sort(filters);
  auto context =
      asked.route->operation_id + '|' + (asked.who ? asked.who->id.to_string() : std::string{}) + '|' + asked.path;
  for (const auto& one : filters) context += '&' + one;
  return context;
}

std::string link_to_next(const request& asked, const std::vector<parameter>& query, std::string_view cursor) {
  auto link = '<' + asked.path + '?';
  for (const auto& one : query) {
    if (one.name != "cursor") link += percent_encode(one.name) + '=' + percent_encode(one.value) + '&';
  }
  return link.append("cursor=").append(cursor).append(">; rel=\"next\"");
}

}  // namespace

void argument_reader::require_json() const {
  const auto type = incoming_.headers.find("content-type");
  if (!type || !equal_ignoring_case(without_parameters(*type), "application/json")) {
    throw problem{protocol_error::unsupported_media_type, "The body must be application/json."}.with_header(
        "Accept", "application/json");
  }
}

void argument_reader::require_octets() const {
  const auto& wanted = incoming_.route->body_type;
  const auto type = incoming_.headers.find("content-type");
  if (wanted == "*/*" || (type && equal_ignoring_case(without_parameters(*type), wanted))) return;
  throw problem{protocol_error::unsupported_media_type, "The body must be " + wanted + '.'}.with_header("Accept",
                                                                                                        wanted);
}

std::vector<schema::field_text> argument_reader::path_fields() const {
  std::vector<schema::field_text> fields;
  for (const auto& one : incoming_.path_parameters) fields.push_back({one.name, one.value});
  return fields;
}

std::vector<schema::field_text> argument_reader::query_fields() {
  query_is_read_ = true;
  std::vector<schema::field_text> fields;
  for (const auto& one : decoded_query()) {
    if (!incoming_.route->paged || !is_page_parameter(one.name)) fields.push_back({one.name, one.value});
  }
  return fields;
}

const std::vector<parameter>& argument_reader::decoded_query() {
  if (!query_) query_ = incoming_.query_parameters();
  return *query_;
}

page_request argument_reader::read_page() {
  page_request page;
  bool has_limit = false;
  bool has_cursor = false;
  for (const auto& one : decoded_query()) {
    if (!is_page_parameter(one.name)) continue;
    bool& seen = one.name == "limit" ? has_limit : has_cursor;
    if (std::exchange(seen, true)) {
      add(field_error{"/query/" + one.name, std::string{schema::codes::duplicate_key}, "must be given once"});
    } else if (one.name == "limit") {
      const auto* end = one.value.data() + one.value.size();
      const auto [read, error] = std::from_chars(one.value.data(), end, page.limit);
      if (error != std::errc{} || read != end || page.limit < 1 || page.limit > max_page_limit) {
        add(field_error{"/query/limit", "bad_format", "must be a number from 1 to " + std::to_string(max_page_limit)});
      }
    } else {
      page.after = incoming_.route->cursors->open(one.value, cursor_context(incoming_, decoded_query()));
      if (!page.after) {
        throw problem{protocol_error::cursor_invalid, "This cursor is not of this list, caller and filter."}
            .with_errors({{"/query/cursor", "cursor_invalid", "must be a nextCursor of this list"}});
      }
    }
  }
  return page;
}

namespace {

// By strong comparison. Versions only grow: of those somebody has seen, no other than the newest can be the present
// one.
std::optional<std::int64_t> newest_version_in(std::string_view tags) {
  std::optional<std::int64_t> newest;
  // No tag of ours has a comma; what one of another server falls apart into is none of ours.
  for_each_in_list(tags, [&](std::string_view tag) { newest = std::max(newest, version_of_tag(tag)); });
  return newest;
}

}  // namespace

std::optional<if_match> argument_reader::read_if_match() {
  const auto given = incoming_.headers.find("if-match");
  if (!given) {
    if (incoming_.route->conditional == keyed::required) {
      throw problem{protocol_error::precondition_required, "Send If-Match with the ETag your change is based on."};
    }
    return std::nullopt;
  }
  if (*given == "*") return if_match{};
  const auto version = newest_version_in(*given);
  if (!version) {
    // A tag this server never made matches nothing it has.
    throw problem{protocol_error::precondition_failed, "If-Match names no version of this resource."};
  }
  return if_match{version};
}

const principal& argument_reader::caller() const {
  // Sealing the router refuses open routes with such a handler; left is a chain without authentication.
  if (!incoming_.who) throw problem{protocol_error::unauthenticated, "This needs an access token."};
  return *incoming_.who;
}

void argument_reader::add(std::vector<schema::problem> wrong) {
  for (auto& one : wrong) errors_.push_back({std::move(one.pointer), std::move(one.code), std::move(one.message)});
}

void argument_reader::finish() {
  const auto& route = *incoming_.route;
  if (!query_is_read_ && !route.reads_request && !incoming_.query.empty()) {
    for (const auto& one : query_fields()) {
      add(field_error{"/query/" + std::string{one.name}, std::string{schema::codes::unknown_field},
                      "is not known here"});
    }
  }
  if (errors_.empty()) return;
  throw problem{protocol_error::invalid_request, "The request has fields that are missing, unknown or out of range."}
      .with_errors(std::move(errors_));
}

std::string open_envelope() { return R"({"success":true,"data":)"; }

response close_envelope(std::string text, int status) {
  text += R"(,"meta":{}})";
  return make_response(status, "application/json", std::move(text));
}

response close_page(std::string text, const request& to, const std::optional<std::string>& next) {
  if (!next) return close_envelope(std::move(text), to.route->success_status);
  const auto query = to.query_parameters();
  const auto cursor = to.route->cursors->sign(*next, cursor_context(to, query));
  text += R"(,"meta":{"nextCursor":")" + cursor + R"("}})";
  auto answer = make_response(to.route->success_status, "application/json", std::move(text));
  answer.headers.add("Link", link_to_next(to, query, cursor));
  return answer;
}

response empty_answer(const request& to) {
  response answer;
  answer.status = to.route->success_status == 200 ? 204 : to.route->success_status;
  return answer;
}

void add_location(response& answer, int status, std::string_view location) {
  answer.status = status;
  if (!location.empty()) answer.headers.set("Location", location);
}

void add_version(response& answer, std::int64_t version) { answer.headers.set("ETag", version_tag(version)); }

}  // namespace nxg::http::detail
