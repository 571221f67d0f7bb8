#pragma once

#include "schema/reflection.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

/// JSON Schema 2020-12 (what OpenAPI 3.1 uses) of described types.
namespace nxg::schema {

/// A member of a fields struct, as OpenAPI wants it for a parameter.
struct parameter_schema {
  std::string key;          ///< camelCase
  std::string header_name;  ///< the same as a header
  std::string description;  ///< may be empty
  bool required;
  std::string schema;       ///< JSON text
};

/// Collects the schemas of a document: structs and enums are components by name, everything else is spelled in place.
/// A name is the struct's `schema_name`, else its C++ name in PascalCase (`machine_status` -> MachineStatus), preceded by that
/// of its namespace where two types would share it.
class components {
 public:
  enum class use : std::uint8_t {
    output,  ///< may gain fields later: open
    input,   ///< unknown fields are refused: `additionalProperties: false`, also for what it contains
  };

  /// The schema of T as JSON text, a `$ref` for structs and enums, which become components with all they contain.
  template <class T>
  std::string schema_of(use how = use::output) {
    return reference(shape_of<T>(), how);
  }

  /// Of the members of T, as query, path or header parameters.
  template <class T>
  std::vector<parameter_schema> parameters_of() {
    return parameters(object_shape_of<T>());
  }

  /// All components: {"Name": {...}, ...}, sorted by name.
  [[nodiscard]] std::string to_json() const;

 private:
  struct entry {
    const shape* what;
    bool input;
    std::string name;
  };
  std::string reference(const shape& what, use how);
  std::vector<parameter_schema> parameters(const object_shape& what);
  std::string inline_schema(const shape& what, use how);
  std::string object_schema(const object_shape& what, bool input) const;
  entry& enter(const shape& what, std::string_view type_name, use how);

  std::string prefix_ = "#/components/schemas/";
  std::map<std::string_view, entry> by_type_;
};

/// The schema of one type alone: what it refers to is in its `$defs`.
template <class T>
[[nodiscard]] std::string json_schema(components::use how = components::use::output);

}  // namespace nxg::schema
