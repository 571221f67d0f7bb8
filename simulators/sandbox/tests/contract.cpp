#include "sandbox/tests/contract.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>

namespace nxg::sandbox {
namespace {

namespace json = boost::json;

const std::set<std::string_view> known_keywords{
    "type",    "enum",    "required",   "properties", "items",    "additionalProperties",
    "minimum", "maximum", "minLength",  "maxLength",  "minItems", "maxItems",
    "pattern", "default", "description"};

bool has_type(const json::value& value, std::string_view type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_bool();
  if (type == "integer") return value.is_int64() || value.is_uint64();
  return type == "number" && value.is_number();
}

std::string upper(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

std::string lower(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

void check_bounds(const json::object& schema, double measure, std::string_view least, std::string_view most,
                  const std::string& where, std::vector<std::string>& wrong) {
  if (const auto* bound = schema.if_contains(least); bound != nullptr && measure < bound->to_number<double>()) {
    wrong.push_back(where + ": below its " + std::string{least});
  }
  if (const auto* bound = schema.if_contains(most); bound != nullptr && measure > bound->to_number<double>()) {
    wrong.push_back(where + ": above its " + std::string{most});
  }
}

}  // namespace

contract::contract(const std::string& file) {
  std::ifstream in{file, std::ios::binary};
  document_ = json::parse(std::string{std::istreambuf_iterator<char>{in}, {}});
}

std::vector<std::string> contract::operations() const {
  std::vector<std::string> all;
  for (const auto& [path, item] : document_.at("paths").as_object()) {
    for (const auto& [method, operation] : item.as_object()) all.push_back(upper(method) + " " + std::string{path});
  }
  return all;
}

const json::value& contract::resolved(const json::value& schema) const {
  const auto* reference = schema.as_object().if_contains("$ref");
  if (reference == nullptr) return schema;
  return document_.at_pointer(std::string_view{reference->as_string()}.substr(1));
}

std::vector<std::string> contract::check_answer(std::string_view method, std::string_view path, int status,
                                                std::string_view content_type, std::string_view body) const {
  std::vector<std::string> wrong;
  const auto& operation = document_.at("paths").at(path).at(lower(method));
  const auto* answer = operation.at("responses").as_object().if_contains(std::to_string(status));
  if (answer == nullptr) return {"the contract has no answer " + std::to_string(status)};
  const auto& content = resolved(*answer).at("content").as_object();
  const auto* media = content.if_contains(content_type.substr(0, content_type.find(';')));
  if (media == nullptr) return {"the contract has no " + std::string{content_type}};
  boost::system::error_code error;
  const auto value = json::parse(body, error);
  if (error) return {"no JSON: " + error.message()};
  check(media->at("schema"), value, "", wrong);
  return wrong;
}

void contract::check(const json::value& given, const json::value& value, const std::string& where,
                     std::vector<std::string>& wrong) const {
  const auto& schema = resolved(given).as_object();
  for (const auto& [keyword, unused] : schema) {
    if (!known_keywords.contains(keyword))
      wrong.push_back(where + ": the checker does not know " + std::string{keyword});
  }
  if (const auto* type = schema.if_contains("type"); type != nullptr && !has_type(value, type->as_string())) {
    wrong.push_back(where + ": is no " + std::string{type->as_string()});
    return;
  }
  if (const auto* values = schema.if_contains("enum")) {
    if (std::ranges::find(values->as_array(), value) == values->as_array().end())
      wrong.push_back(where + ": is none of its enum");
  }
  if (value.is_number()) check_bounds(schema, value.to_number<double>(), "minimum", "maximum", where, wrong);
  if (value.is_string()) {
    check_bounds(schema, static_cast<double>(value.as_string().size()), "minLength", "maxLength", where, wrong);
    if (const auto* pattern = schema.if_contains("pattern")) {
      const std::regex expression{std::string{pattern->as_string()}, std::regex::ECMAScript};
      if (!std::regex_search(std::string{value.as_string()}, expression))
        wrong.push_back(where + ": does not match its pattern");
    }
  }
  if (value.is_array()) {
    check_bounds(schema, static_cast<double>(value.as_array().size()), "minItems", "maxItems", where, wrong);
    std::size_t i = 0;
    for (const auto& element : value.as_array())
      check(schema.at("items"), element, where + "/" + std::to_string(i++), wrong);
  }
  if (!value.is_object()) return;
  const auto* properties = schema.if_contains("properties");
  if (const auto* required = schema.if_contains("required")) {
    for (const auto& name : required->as_array()) {
      if (!value.as_object().contains(name.as_string()))
        wrong.push_back(where + ": lacks " + std::string{name.as_string()});
    }
  }
  for (const auto& [name, member] : value.as_object()) {
    const auto* expected = properties == nullptr ? nullptr : properties->as_object().if_contains(name);
    if (expected != nullptr) {
      check(*expected, member, where + "/" + std::string{name}, wrong);
    } else if (const auto* open = schema.if_contains("additionalProperties");
               open != nullptr && *open == json::value{false}) {
      wrong.push_back(where + ": has an unknown " + std::string{name});
    }
  }
}

}  // namespace nxg::sandbox
