#include "schema/json.hpp"

#include "runtime/json_special.hpp"
#include "schema/json_text.hpp"
#include "schema/scalars.hpp"
#include "schema/text.hpp"

#include <array>
#include <charconv>

namespace nxg::schema {

namespace {

void append_escape(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  constexpr std::string_view plain = "\"\\\b\f\n\r\t";
  constexpr std::string_view letters = "\"\\bfnrt";
  out += '\\';
  if (const auto found = plain.find(c); found != std::string_view::npos) {
    out += letters[found];
    return;
  }
  out += "u00";
  out += digits[static_cast<unsigned char>(c) >> 4];
  out += digits[static_cast<unsigned char>(c) & 15];
}

void append_escaped(std::string& out, std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  // A long text moves the string once, and what follows it does not move it again.
  constexpr std::size_t what_follows = 64;
  out.reserve(out.size() + text.size() + what_follows);
  out += '"';
  for (;;) {
    const char* const special = runtime::find_json_special(at, end);
    out.append(at, special);
    if (special == end) break;
    append_escape(out, *special);
    at = special + 1;
  }
  out += '"';
}

template <class Number>
void append_number(std::string& out, Number value) {
  std::array<char, 32> buffer;
  const auto done = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  out.append(buffer.data(), done.ptr);
}

void append_quoted(std::string& out, std::string_view plain) {
  out += '"';
  out += plain;
  out += '"';
}

void append_time(std::string& out, instant when) {
  out += '"';
  append_rfc3339(out, when);
  out += '"';
}

void append_list(std::string& out, const list_shape& what, void* storage) {
  out += '[';
  const auto count = what.size(storage);
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out += ',';
    detail::append_json(out, *what.element, what.at(storage, i));
  }
  out += ']';
}

void append_map(std::string& out, const map_shape& what, void* storage) {
  struct state {
    std::string& out;
    const shape& value;
    bool first = true;
  } context{out, *what.value};
  out += '{';
  what.each(storage, &context, [](void* opaque, const std::string& key, void* item) {
    auto& self = *static_cast<state*>(opaque);
    if (!self.first) self.out += ',';
    self.first = false;
    append_json_string(self.out, key);
    self.out += ':';
    detail::append_json(self.out, self.value, item);
  });
  out += '}';
}

void append_object(std::string& out, const object_shape& what, void* storage) {
  out += '{';
  bool first = true;
  for (const auto& member : what.fields) {
    void* at = member.access(storage);
    const shape* value = member.value;
    if (value->what == kind::optional) {
      const auto& optional = static_cast<const optional_shape&>(*value);
      at = optional.get(at);
      if (at == nullptr) continue;
      value = optional.value;
    }
    out.append(member.prefix, first ? 1 : 0);
    first = false;
    detail::append_json(out, *value, at);
  }
  out += '}';
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  append_escaped(out, is_utf8(text) ? text : std::string_view{replace_bad_utf8(text)});
}

void detail::append_json_number(std::string& out, std::int64_t value) { append_number(out, value); }

void detail::append_json_number(std::string& out, double value) { append_number(out, value); }

void detail::append_json(std::string& out, const shape& what, const void* object) {
  void* const storage = const_cast<void*>(object);
  switch (what.what) {
    case kind::boolean: out += *static_cast<const bool*>(storage) ? "true" : "false"; return;
    case kind::integer: return append_number(out, writable_integer(static_cast<const integer_shape&>(what), storage));
    case kind::number: {
      const auto value = writable_number(static_cast<const number_shape&>(what), storage);
      // A float has fewer digits than the double it converts to.
      if (static_cast<const number_shape&>(what).size == sizeof(float))
        return append_number(out, static_cast<float>(value));
      return append_number(out, value);
    }
    case kind::string: return append_json_string(out, *static_cast<const std::string*>(storage));
    case kind::id: {
      const auto id = static_cast<const uuid*>(storage)->spelled();
      return append_quoted(out, {id.data(), id.size()});
    }
    case kind::time: return append_time(out, *static_cast<const instant*>(storage));
    case kind::enumeration:
      return append_quoted(out, writable_enumerator(static_cast<const enum_shape&>(what), storage));
    case kind::date: return append_quoted(out, to_iso_date(*static_cast<const local_date*>(storage)));
    case kind::binary: return append_quoted(out, to_base64url(*static_cast<const std::string*>(storage)));
    case kind::raw_json: out += *static_cast<const std::string*>(storage); return;
    case kind::optional: {
      const auto& optional = static_cast<const optional_shape&>(what);
      if (void* const value = optional.get(storage)) return append_json(out, *optional.value, value);
      out += "null";
      return;
    }
    case kind::list: return append_list(out, static_cast<const list_shape&>(what), storage);
    case kind::map: return append_map(out, static_cast<const map_shape&>(what), storage);
    case kind::object: return append_object(out, static_cast<const object_shape&>(what), storage);
    case kind::sealed: return append_json(out, *static_cast<const sealed_shape&>(what).value, storage);
  }
}

}  // namespace nxg::schema
