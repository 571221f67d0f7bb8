#pragma once

#include "gym/sample.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>

/// Members of what the backend tells, objects or values; what is not there, or of another kind, reads as nothing.
namespace nxg::gym {

inline const boost::json::value* find(const boost::json::object& in, std::string_view name) {
  return in.if_contains(name);
}

inline const boost::json::value* find(const boost::json::value& in, std::string_view name) {
  const auto* object = in.if_object();
  return object == nullptr ? nullptr : object->if_contains(name);
}

/// NaN (`absent`) where there is none.
template <class Object>
double number(const Object& in, std::string_view name) {
  const boost::json::value* found = find(in, name);
  return found != nullptr && found->is_number() ? found->to_number<double>() : absent;
}

template <class Object>
std::int64_t integer(const Object& in, std::string_view name) {
  const boost::json::value* found = find(in, name);
  return found != nullptr && found->is_int64() ? found->get_int64() : 0;
}

template <class Object>
std::string text(const Object& in, std::string_view name) {
  const boost::json::value* found = find(in, name);
  return found != nullptr && found->is_string() ? std::string{found->get_string()} : std::string{};
}

template <class Object>
const boost::json::array& items(const Object& in, std::string_view name) {
  static const boost::json::array none;
  const boost::json::value* found = find(in, name);
  return found != nullptr && found->is_array() ? found->get_array() : none;
}

}  // namespace nxg::gym
