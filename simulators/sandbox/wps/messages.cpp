#include "sandbox/wps/messages.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace nxg::sandbox::wps {
namespace {

constexpr std::array<std::string_view, 7> names{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                "Friday", "Saturday", "Sunday"};

}  // namespace

bool day_name_rule::accept(std::string& text) { return std::ranges::find(names, text) != names.end(); }

std::int32_t number_of(const day_name& day) {
  return static_cast<std::int32_t>(std::ranges::find(names, day.value()) - names.begin()) + 1;
}

std::string name_of_day(std::int32_t number) { return std::string{names.at(static_cast<std::size_t>(number - 1))}; }

}  // namespace nxg::sandbox::wps
