#include "services/live/catalogue.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <iterator>

namespace nxg::live {
namespace {

namespace json = boost::json;

constexpr std::string_view reference_start = "#/components/schemas/";

/// The last part of a reference to a schema; empty when it is none.
std::string referred(const json::object& schema) {
  const auto* to = schema.if_contains("$ref");
  if (to == nullptr) return {};
  std::string_view name{to->as_string()};
  name.remove_prefix(std::min(name.size(), reference_start.size()));
  return std::string{name};
}

/// A table of the members of one payload, and what its parts are made of.
class payload_table {
 public:
  explicit payload_table(const json::object& schemas) : schemas_{schemas} {}

  [[nodiscard]] std::string of(const json::object& schema) const {
    const auto name = referred(schema);
    const auto& whole = name.empty() ? schema : schemas_.at(name).as_object();
    const auto* members = whole.if_contains("properties");
    if (members == nullptr) return "No members.\n";
    std::string out = "| Member | Type | |\n|---|---|---|\n";
    for (const auto& [key, value] : members->as_object()) {
      const auto& member = value.as_object();
      const auto* note = member.if_contains("description");
      fmt::format_to(std::back_inserter(out), "| `{}`{} | {} | {} |\n", std::string_view{key},
                     is_required(whole, key) ? "" : "?", type_of(member),
                     note == nullptr ? std::string_view{} : std::string_view{note->as_string()});
    }
    return out;
  }

 private:
  static bool is_required(const json::object& schema, std::string_view key) {
    const auto* names = schema.if_contains("required");
    if (names == nullptr) return false;
    for (const auto& one : names->as_array()) {
      if (std::string_view{one.as_string()} == key) return true;
    }
    return false;
  }

  [[nodiscard]] std::string type_of(const json::object& schema) const {
    if (const auto name = referred(schema); !name.empty()) return named(name);
    if (const auto* parts = schema.if_contains("allOf"); parts != nullptr)
      return type_of(parts->as_array().at(0).as_object());
    if (const auto* items = schema.if_contains("items"); items != nullptr)
      return "list of " + type_of(items->as_object());
    if (const auto* only = schema.if_contains("const"); only != nullptr) return '`' + json::serialize(*only) + '`';
    const auto* type = schema.if_contains("type");
    if (type == nullptr) return "any";
    const auto* format = schema.if_contains("format");
    std::string name = type->is_string() ? std::string{std::string_view{type->as_string()}} : json::serialize(*type);
    if (format == nullptr) return name;
    return fmt::format("{} ({})", name, std::string_view{format->as_string()});
  }

  /// An enum is told by its values.
  [[nodiscard]] std::string named(const std::string& name) const {
    const auto& schema = schemas_.at(name).as_object();
    const auto* values = schema.if_contains("enum");
    if (values == nullptr) return '`' + name + '`';
    std::string out;
    for (const auto& one : values->as_array())
      out += (out.empty() ? "`" : ", `") + std::string{std::string_view{one.as_string()}} + '`';
    return out;
  }

  const json::object& schemas_;
};

std::string heading(const catalogued& one) {
  if (!one.by_server) return fmt::format("From {}, acknowledged. {}", one.who, one.text);
  return fmt::format("To {}{}. {}", one.who, one.kept == keeping::inbox ? ", kept in their inbox (with `cursor`)" : "",
                     one.text);
}

}  // namespace

std::string events_listing(const catalogue& of) {
  const auto events = of.all();
  schema::components among;
  for (const auto& one : events) {
    const auto how = one.by_server ? schema::schema_use::output : schema::schema_use::input;
    static_cast<void>(one.payload(among, how));
    if (one.answer != nullptr) static_cast<void>(one.answer(among, schema::schema_use::output));
  }
  const auto schemas = json::parse(among.to_json());
  const payload_table table{schemas.as_object()};
  const auto table_of = [&](schema_of_payload make, schema::schema_use how) {
    return table.of(json::parse(make(among, how)).as_object());
  };

  std::string out;
  std::string channel;
  for (const auto& one : events) {
    if (one.channel != channel) {
      channel = one.channel;
      out += "\n## `" + channel + "`\n";
    }
    out += fmt::format("\n### `{}` {}\n\n{}\n\n", one.name, one.by_server ? "(from the server)" : "", heading(one));
    out += table_of(one.payload, one.by_server ? schema::schema_use::output : schema::schema_use::input);
    if (one.answer == nullptr) continue;
    out += "\nAcknowledged with\n\n" + table_of(one.answer, schema::schema_use::output);
  }
  return out;
}

std::string events_page(const catalogue& of) {
  return "# Events\n\n`nxg-connect events --markdown` writes this page; `docs/asyncapi.json` has every schema, "
         "[realtime.md](realtime.md) says how to connect. A `?` marks a member that may be absent.\n" +
         events_listing(of);
}

}  // namespace nxg::live
