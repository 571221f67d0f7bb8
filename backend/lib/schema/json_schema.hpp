#pragma once

#include "schema/reflection.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// JSON Schema 2020-12 (what OpenAPI 3.1 uses) of described types.
namespace nxg::schema {

/// A member of a fields struct, as OpenAPI wants it for a parameter.
struct parameter_schema {
  std::string key;          ///< camelCase
  std::string header_name;  ///< the same as a header
  std::string description;  ///< may be empty
  bool required;
  std::string schema;  ///< JSON text
};

enum class schema_use : std::uint8_t {
  output,  ///< may gain fields later: open
  input,   ///< unknown fields are refused: `additionalProperties: false`, also in what it contains
};

namespace detail {
std::string json_schema(const shape& what, schema_use how);
}

/// Collects the schemas of a document: structs and enums are components by name, everything else is spelled in place.
/// A name is the struct's `schema_name`, else its C++ name in PascalCase (`machine_status` -> MachineStatus), preceded
/// by that of its namespace where another type has it already, followed by a number where that does not help (unnamed
/// namespaces). Not thread-safe; made once, at start.
class components {
 public:
  using use = schema_use;

  components() : components{"#/components/schemas/"} {}

  /// The schema of T as JSON text, a `$ref` for structs and enums, which become components with all they contain.
  template <class T>
  [[nodiscard]] std::string schema_of(use how = use::output) {
    return reference(shape_of<T>(), how);
  }

  /// Of the members of T, as query, path or header parameters.
  template <class T>
  [[nodiscard]] std::vector<parameter_schema> parameters_of() {
    return parameters(object_shape_of<T>());
  }

  /// All components: {"Name": {...}, ...}, sorted by name.
  [[nodiscard]] std::string to_json() const;

 private:
  struct entry {
    std::string name;
    bool input;
  };
  friend std::string detail::json_schema(const shape& what, use how);
  explicit components(std::string prefix) : prefix_{std::move(prefix)} {}

  std::string reference(const shape& what, use how);
  std::vector<parameter_schema> parameters(const object_shape& what);
  void enter(const shape& what, use how);
  void enter_named(const shape& what, use how);
  [[nodiscard]] std::string name_for(std::string_view type_name) const;
  void append(std::string& out, const shape& what) const;
  void append_field(std::string& out, const field& member, const std::string& default_value) const;
  void append_object(std::string& out, const object_shape& what, bool input) const;

  std::string prefix_;
  std::map<const shape*, entry> by_shape_;
};

/// The schema of one type alone: what it refers to is in its `$defs`.
template <class T>
[[nodiscard]] std::string json_schema(components::use how = components::use::output) {
  return detail::json_schema(shape_of<T>(), how);
}

}  // namespace nxg::schema
