#include "schema/stored_types.hpp"

#include "schema/text.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nxg::schema {

namespace {

void restore_time(document_value& value) {
  const auto* text = value.get_if<std::string>();
  const auto when = text != nullptr ? parse_rfc3339(*text) : std::nullopt;
  if (when) value = *when;
}

void restore_binary(document_value& value) {
  const auto* text = value.get_if<std::string>();
  auto octets = text != nullptr ? parse_base64url(*text) : std::nullopt;
  if (octets) value = document_value::binary{std::move(*octets)};
}

void restore_integer(document_value& value) {
  const auto* real = value.get_if<double>();
  if (real != nullptr && *real == std::trunc(*real) && std::abs(*real) <= static_cast<double>(max_integer)) {
    value = static_cast<std::int64_t>(*real);
  }
}

void restore_number(document_value& value) {
  if (const auto* whole = value.get_if<std::int64_t>()) value = static_cast<double>(*whole);
}

void restore_members(document_value& value, const object_shape& what) {
  auto* const members = value.get_if<document_value::object>();
  if (members == nullptr) return;
  for (auto& one : *members) {
    const auto known = std::ranges::find(what.fields, std::string_view{one.key}, &field::key);
    if (known != what.fields.end()) restore_types(one.value, *known->value);
  }
}

}  // namespace

void restore_types(document_value& value, const shape& what) {
  switch (what.what) {
    case kind::time: return restore_time(value);
    case kind::binary:
    case kind::sealed: return restore_binary(value);
    case kind::integer: return restore_integer(value);
    case kind::number: return restore_number(value);
    case kind::optional: return restore_types(value, *static_cast<const optional_shape&>(what).value);
    case kind::object: return restore_members(value, static_cast<const object_shape&>(what));
    case kind::list:
      if (auto* elements = value.get_if<document_value::array>()) {
        for (auto& one : *elements) restore_types(one, *static_cast<const list_shape&>(what).element);
      }
      return;
    case kind::map:
      if (auto* members = value.get_if<document_value::object>()) {
        for (auto& one : *members) restore_types(one.value, *static_cast<const map_shape&>(what).value);
      }
      return;
    case kind::boolean:
    case kind::string:
    case kind::id:
    case kind::date:
    case kind::raw_json:
    case kind::enumeration: return;
  }
}

}  // namespace nxg::schema
