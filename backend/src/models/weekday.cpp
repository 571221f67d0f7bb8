#include "models/weekday.hpp"

#include "models/words.hpp"

#include <array>

namespace nxg {
namespace {

constexpr std::array<std::string_view, 7> names{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                "Friday", "Saturday", "Sunday"};

}  // namespace

std::string_view weekday_name(std::int32_t day) { return names.at(static_cast<std::size_t>(day - 1)); }

std::optional<std::int32_t> weekday_named(std::string_view text) {
  const auto words = plain_words(text);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (plain_words(names[i]) == words) return static_cast<std::int32_t>(i) + 1;
  }
  return std::nullopt;
}

}  // namespace nxg
