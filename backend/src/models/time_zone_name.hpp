#pragma once

#include "schema/types.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace nxg {

struct time_zone_rule {
  static constexpr std::size_t min_length = 1;
  static constexpr std::size_t max_length = 64;
  static constexpr std::string_view format = "";
  static constexpr std::string_view pattern = "";
  static constexpr std::string_view expectation = "must be a time zone of the IANA database, such as Europe/Berlin";
  static bool accept(std::string& text);
};
using time_zone_name = schema::formatted<time_zone_rule>;

}  // namespace nxg
