#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace nxg::sandbox {

/// An OpenAPI document, as far as the contracts in this repository use it: $ref, type, enum, required, properties,
/// items, additionalProperties, bounds and lengths, pattern. A keyword it does not know is a fault of its own.
class contract {
 public:
  explicit contract(const std::string& file);

  /// Everything that is wrong with an answer to that operation; empty: nothing.
  [[nodiscard]] std::vector<std::string> check_answer(std::string_view method, std::string_view path, int status,
                                                      std::string_view content_type, std::string_view body) const;
  /// "POST /workout-plans", …
  [[nodiscard]] std::vector<std::string> operations() const;

 private:
  [[nodiscard]] const boost::json::value& resolved(const boost::json::value& schema) const;
  void check(const boost::json::value& schema, const boost::json::value& value, const std::string& where,
             std::vector<std::string>& wrong) const;

  boost::json::value document_;
};

}  // namespace nxg::sandbox
