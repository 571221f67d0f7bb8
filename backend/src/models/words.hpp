#pragma once

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace nxg {

/// Text as a comparison sees it: ASCII lower case, everything that is no letter, digit or UTF-8 octet becomes one
/// blank, none at the ends. "E-Z  Curl_Bar" is "e z curl bar".
[[nodiscard]] std::string plain_words(std::string_view text);

/// Text in plain Latin letters, for comparing with words of a table: accents are left out ("Pean\u00fat" is "Peanut"),
/// other signs are blanks. Nothing where it holds letters of another script, or signs that hide or turn letters: what
/// such a text names cannot be told.
[[nodiscard]] std::optional<std::string> in_plain_letters(std::string_view utf8);

/// The same with a blank for every character that cannot be read.
[[nodiscard]] std::string plain_letters(std::string_view utf8);

/// The enumerator whose name has the same plain words: "Lower Back" names `lower_back`.
template <class Enum>
[[nodiscard]] std::optional<Enum> enum_named(std::string_view text) {
  const auto words = plain_words(text);
  std::optional<Enum> found;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<Enum>>([&](auto described) {
    if (!found && plain_words(described.name) == words) found = described.value;
  });
  return found;
}

}  // namespace nxg
