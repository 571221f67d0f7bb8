#pragma once

#include "gym/sample.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <string>
#include <string_view>

/// Members of the backend's answers; what is not there, or of another kind, reads as nothing.
namespace nxg::gym {

inline const boost::json::value* find(const boost::json::value& in, std::string_view name) {
  const auto* object = in.if_object();
  return object == nullptr ? nullptr : object->if_contains(name);
}

/// NaN (`absent`) where there is none.
inline double number(const boost::json::value& in, std::string_view name) {
  const auto* found = find(in, name);
  return found != nullptr && found->is_number() ? found->to_number<double>() : absent;
}

inline std::int64_t integer(const boost::json::value& in, std::string_view name) {
  const auto* found = find(in, name);
  return found != nullptr && found->is_int64() ? found->get_int64() : 0;
}

inline std::string text(const boost::json::value& in, std::string_view name) {
  const auto* found = find(in, name);
  return found != nullptr && found->is_string() ? std::string{found->get_string()} : std::string{};
}

inline const boost::json::array& items(const boost::json::value& in, std::string_view name) {
  static const boost::json::array none;
  const auto* found = find(in, name);
  return found != nullptr && found->is_array() ? found->get_array() : none;
}

}  // namespace nxg::gym
