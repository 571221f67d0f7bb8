#include "schema/document.hpp"

#include "schema/json.hpp"
#include "schema/json_text.hpp"
#include "schema/text.hpp"

#include <cmath>

namespace nxg::schema {

void value_sink::begin_object() { open_.emplace_back(document_value::object{}); }
void value_sink::end_object() { close(); }
void value_sink::begin_array() { open_.emplace_back(document_value::array{}); }
void value_sink::end_array() { close(); }
void value_sink::null() { put(nullptr); }
void value_sink::boolean(bool value) { put(value); }
void value_sink::integer(std::int64_t value) { put(value); }
void value_sink::number(double value) { put(value); }
void value_sink::string(std::string_view utf8) { put(utf8); }
void value_sink::time(instant value) { put(value); }
void value_sink::binary(std::string_view octets) { put(document_value::binary{std::string{octets}}); }

void value_sink::key(std::string_view name) {
  open_.back().get_if<document_value::object>()->push_back({.key = std::string{name}, .value = {}});
}

void value_sink::put(document_value value) {
  if (open_.empty()) {
    done_ = std::move(value);
  } else if (auto* const members = open_.back().get_if<document_value::object>()) {
    members->back().value = std::move(value);
  } else {
    open_.back().get_if<document_value::array>()->push_back(std::move(value));
  }
}

void value_sink::close() {
  auto closed = std::move(open_.back());
  open_.pop_back();
  put(std::move(closed));
}

document_value value_sink::take() {
  open_.clear();
  return std::exchange(done_, {});
}

void json_sink::separate() {
  if (comma_) *out_ += ',';
  comma_ = true;
}

void json_sink::begin_object() {
  separate();
  *out_ += '{';
  comma_ = false;
}

void json_sink::end_object() {
  *out_ += '}';
  comma_ = true;
}

void json_sink::begin_array() {
  separate();
  *out_ += '[';
  comma_ = false;
}

void json_sink::end_array() {
  *out_ += ']';
  comma_ = true;
}

void json_sink::key(std::string_view name) {
  separate();
  append_json_string(*out_, name);
  *out_ += ':';
  comma_ = false;
}

void json_sink::null() {
  separate();
  *out_ += "null";
}

void json_sink::boolean(bool value) {
  separate();
  *out_ += value ? "true" : "false";
}

void json_sink::integer(std::int64_t value) {
  separate();
  detail::append_json_number(*out_, value);
}

void json_sink::number(double value) {
  if (!std::isfinite(value)) throw unwritable{"a number that is not finite"};
  separate();
  const auto start = out_->size();
  detail::append_json_number(*out_, value);
  // 5 would come back as an integer, and -0 without its sign.
  if (out_->find_first_of(".e", start) == std::string::npos) *out_ += ".0";
}

void json_sink::string(std::string_view utf8) {
  separate();
  append_json_string(*out_, utf8);
}

void json_sink::time(instant value) {
  separate();
  *out_ += '"';
  append_rfc3339(*out_, value);
  *out_ += '"';
}

void json_sink::binary(std::string_view octets) { string(to_base64url(octets)); }

}  // namespace nxg::schema
