#include "models/preferences.hpp"

#include <algorithm>

namespace nxg {

bool language_rule::accept(std::string& text) {
  const auto all_in = [&text](std::size_t from, std::size_t to, char first, char last) {
    return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(from), text.begin() + static_cast<std::ptrdiff_t>(to),
                       [=](char one) { return one >= first && one <= last; });
  };
  if (text.size() == 2) return all_in(0, 2, 'a', 'z');
  return text.size() == 5 && text[2] == '-' && all_in(0, 2, 'a', 'z') && all_in(3, 5, 'A', 'Z');
}

}  // namespace nxg
