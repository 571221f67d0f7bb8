#include "models/diet_preferences.hpp"

#include <algorithm>
#include <set>
#include <string_view>

namespace nxg {
namespace {

constexpr std::size_t most_kinds = 10;
constexpr std::size_t most_entries = 10;
constexpr std::size_t longest = 40;

std::size_t length_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool fits(std::string_view text) { return !text.empty() && length_of(text) <= longest; }

}  // namespace

void diet_preferences::check(const diet_preferences& read, schema::problems& found) {
  const auto& kinds = read.cuisine_preferences;
  if (kinds.size() > most_kinds) found.add_at("/cuisinePreferences", "too_many", "must be at most 10 kinds");
  const bool all_fit = std::ranges::all_of(kinds, [](const auto& kind) {
    return fits(kind.first) && kind.second.size() <= most_entries && std::ranges::all_of(kind.second, fits);
  });
  if (!all_fit) {
    found.add_at("/cuisinePreferences", "bad_length",
                 "must be kinds of at most 10 entries, each of 1 to 40 characters");
  }
  const std::set<dietary_restriction> once{read.dietary_restrictions.begin(), read.dietary_restrictions.end()};
  if (once.size() != read.dietary_restrictions.size()) {
    found.add_at("/dietaryRestrictions", "duplicate", "must not name a restriction twice");
  }
}

}  // namespace nxg
