#include "schema/json_schema.hpp"

#include "schema/fields.hpp"
#include "schema/json.hpp"
#include "schema/json_text.hpp"
#include "schema/scalars.hpp"

#include <algorithm>
#include <cmath>

namespace nxg::schema {

namespace {

bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_name_character(char c) noexcept { return is_letter(c) || (c >= '0' && c <= '9'); }

/// "machine_status" -> "MachineStatus"; also makes a name of a template's arguments.
std::string pascal_case(std::string_view name) {
  std::string out;
  bool upper = true;
  for (const char c : name) {
    if (!is_name_character(c)) {
      upper = true;
      continue;
    }
    out += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = false;
  }
  return out;
}

/// Where the last part of a qualified name starts; the arguments of a template belong to it.
std::size_t start_of_last_part(std::string_view qualified) noexcept {
  const auto arguments = qualified.find('<');
  const auto colons = qualified.substr(0, arguments).rfind("::");
  return colons == std::string_view::npos ? 0 : colons + 2;
}

/// Opens with `{` what members are added to one by one.
class object_text {
 public:
  explicit object_text(std::string& out) : out_{out} { out_ += '{'; }
  ~object_text() { out_ += '}'; }
  object_text(const object_text&) = delete;
  object_text& operator=(const object_text&) = delete;

  std::string& key(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    append_json_string(out_, name);
    out_ += ':';
    return out_;
  }
  void string(std::string_view name, std::string_view value) { append_json_string(key(name), value); }
  void string_if(std::string_view name, std::string_view value) {
    if (!value.empty()) string(name, value);
  }
  void integer(std::string_view name, std::int64_t value) { detail::append_json_number(key(name), value); }
  void number_if_finite(std::string_view name, double value) {
    if (std::isfinite(value)) detail::append_json_number(key(name), value);
  }
  void size_if(std::string_view name, std::size_t value, std::size_t unless) {
    if (value != unless) integer(name, static_cast<std::int64_t>(value));
  }

 private:
  std::string& out_;
  bool first_ = true;
};

void append_integer(object_text& text, const integer_shape& what) {
  text.string("type", "integer");
  text.string("format", what.size > 4 || (what.size == 4 && !what.is_signed) ? "int64" : "int32");
  if (what.is_bounded || what.size < 4 || !what.is_signed) text.integer("minimum", what.min);
  if (what.is_bounded || what.size < 4) text.integer("maximum", what.max);
}

void append_string(object_text& text, const string_shape& what) {
  text.string("type", "string");
  text.string_if("format", what.format);
  text.string_if("pattern", what.pattern);
  text.size_if("minLength", what.min_length, 0);
  text.size_if("maxLength", what.max_length, unlimited);
}

void append_enum(std::string& out, const enum_shape& what) {
  object_text text{out};
  text.string("type", "string");
  auto& list = text.key("enum");
  list += '[';
  for (const auto& one : what.values) {
    if (!list.ends_with('[')) list += ',';
    append_json_string(list, one.name);
  }
  list += ']';
}

/// The JSON texts of the default values of the fields that have one.
std::vector<std::string> default_values(const object_shape& what) {
  struct state {
    const object_shape& what;
    std::vector<std::string> texts;
  } context{what, std::vector<std::string>(what.fields.size())};
  what.with_default(&context, [](void* opaque, void* object) {
    auto& [described, texts] = *static_cast<state*>(opaque);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto& member = described.fields[i];
      if (!member.required && member.value->what != kind::optional) {
        detail::append_json(texts[i], *member.value, member.access(object));
      }
    }
  });
  return context.texts;
}

std::string_view type_name_of(const shape& what) noexcept {
  if (what.what == kind::object) return static_cast<const object_shape&>(what).type_name;
  if (what.what == kind::enumeration) return static_cast<const enum_shape&>(what).type_name;
  return {};
}

}  // namespace

std::string components::name_for(std::string_view type_name) const {
  const auto is_taken = [&](std::string_view name) {
    return std::ranges::any_of(by_shape_, [&](const auto& known) { return known.second.name == name; });
  };
  // The nearest namespace first, and so on outwards.
  for (auto start = start_of_last_part(type_name);;) {
    const auto name = pascal_case(type_name.substr(start));
    if (!is_taken(name)) return name;
    if (start == 0) break;
    start = start_of_last_part(type_name.substr(0, start - 2));
  }
  const auto name = pascal_case(type_name.substr(start_of_last_part(type_name)));
  for (int number = 2;; ++number) {
    if (auto numbered = name + std::to_string(number); !is_taken(numbered)) return numbered;
  }
}

void components::enter_named(const shape& what, use how) {
  if (const auto known = by_shape_.find(&what); known == by_shape_.end()) {
    by_shape_.emplace(&what, entry{.name = name_for(type_name_of(what)), .input = how == use::input});
  } else if (known->second.input || how == use::output) {
    return;
  } else {
    known->second.input = true;
  }
  if (what.what != kind::object) return;
  for (const auto& member : static_cast<const object_shape&>(what).fields) enter(*member.value, how);
}

void components::enter(const shape& what, use how) {
  switch (what.what) {
    case kind::object:
    case kind::enumeration: return enter_named(what, how);
    case kind::optional: return enter(*static_cast<const optional_shape&>(what).value, how);
    case kind::list: return enter(*static_cast<const list_shape&>(what).element, how);
    case kind::map: return enter(*static_cast<const map_shape&>(what).value, how);
    case kind::sealed: return enter(*static_cast<const sealed_shape&>(what).value, how);
    case kind::boolean:
    case kind::integer:
    case kind::number:
    case kind::string:
    case kind::id:
    case kind::time:
    case kind::date:
    case kind::binary:
    case kind::raw_json: return;
  }
}

std::string components::reference(const shape& what, use how) {
  enter(what, how);
  std::string out;
  append(out, what);
  return out;
}

void components::append(std::string& out, const shape& what) const {
  if (what.what == kind::optional) return append(out, *static_cast<const optional_shape&>(what).value);
  if (what.what == kind::sealed) return append(out, *static_cast<const sealed_shape&>(what).value);
  object_text text{out};
  switch (what.what) {
    case kind::boolean: return text.string("type", "boolean");
    case kind::integer: return append_integer(text, static_cast<const integer_shape&>(what));
    case kind::number: {
      const auto& number = static_cast<const number_shape&>(what);
      text.string("type", "number");
      text.string("format", number.size == sizeof(float) ? "float" : "double");
      text.number_if_finite("minimum", number.min);
      return text.number_if_finite("maximum", number.max);
    }
    case kind::string: return append_string(text, static_cast<const string_shape&>(what));
    case kind::id: text.string("type", "string"); return text.string("format", "uuid");
    case kind::time: text.string("type", "string"); return text.string("format", "date-time");
    case kind::date: text.string("type", "string"); return text.string("format", "date");
    case kind::binary: text.string("type", "string"); return text.string("contentEncoding", "base64url");
    case kind::list: {
      const auto& list = static_cast<const list_shape&>(what);
      text.string("type", "array");
      append(text.key("items"), *list.element);
      text.size_if("minItems", list.min_size, 0);
      return text.size_if("maxItems", list.max_size, unlimited);
    }
    case kind::map:
      text.string("type", "object");
      return append(text.key("additionalProperties"), *static_cast<const map_shape&>(what).value);
    case kind::object:
    case kind::enumeration: return text.string("$ref", prefix_ + by_shape_.at(&what).name);
    case kind::raw_json:
    case kind::optional:
    case kind::sealed: return;
  }
}

void components::append_field(std::string& out, const field& member, const std::string& default_value) const {
  append(out, *member.value);
  if (member.note.empty() && default_value.empty()) return;
  // Both keywords may stand beside anything, also beside a $ref.
  out.pop_back();
  if (!member.note.empty()) {
    out += out.ends_with('{') ? "\"description\":" : ",\"description\":";
    append_json_string(out, member.note);
  }
  if (!default_value.empty()) {
    out += out.ends_with('{') ? "\"default\":" : ",\"default\":";
    out += default_value;
  }
  out += '}';
}

void components::append_object(std::string& out, const object_shape& what, bool input) const {
  const auto defaults = default_values(what);
  object_text text{out};
  text.string("type", "object");
  text.string_if("description", what.note);
  {
    object_text properties{text.key("properties")};
    for (std::size_t i = 0; i < what.fields.size(); ++i) {
      append_field(properties.key(what.fields[i].key), what.fields[i], defaults[i]);
    }
  }
  std::string required;
  for (const auto& member : what.fields) {
    if (!member.required) continue;
    required += required.empty() ? "" : ",";
    append_json_string(required, member.key);
  }
  if (!required.empty()) text.key("required").append("[").append(required).append("]");
  if (input) text.key("additionalProperties") += "false";
}

std::string components::to_json() const {
  std::map<std::string_view, const shape*> by_name;
  for (const auto& [what, component] : by_shape_) by_name.emplace(component.name, what);
  std::string out;
  {
    object_text text{out};
    for (const auto& [name, what] : by_name) {
      auto& into = text.key(name);
      if (what->what == kind::object) {
        append_object(into, static_cast<const object_shape&>(*what), by_shape_.at(what).input);
      } else {
        append_enum(into, static_cast<const enum_shape&>(*what));
      }
    }
  }
  return out;
}

std::vector<parameter_schema> components::parameters(const object_shape& what) {
  const auto defaults = default_values(what);
  std::vector<parameter_schema> result;
  for (std::size_t i = 0; i < what.fields.size(); ++i) {
    const auto& member = what.fields[i];
    enter(*member.value, use::input);
    field bare = member;
    bare.note = {};  // a parameter has its description beside its schema
    std::string schema;
    append_field(schema, bare, defaults[i]);
    result.push_back({.key = std::string{member.key},
                      .header_name = header_name(member),
                      .description = std::string{member.note},
                      .required = member.required,
                      .schema = std::move(schema)});
  }
  return result;
}

std::string detail::json_schema(const shape& what, schema_use how) {
  components all{"#/$defs/"};
  auto out = all.reference(what, how);
  if (all.by_shape_.empty()) return out;
  out.pop_back();
  return out.append(out.ends_with('{') ? "" : ",").append("\"$defs\":").append(all.to_json()).append("}");
}

}  // namespace nxg::schema
