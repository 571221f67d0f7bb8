#include "models/words.hpp"

#include "utilities/utf8.hpp"

#include <utility>

namespace nxg {

namespace {

/// Of U+00C0 to U+017F (Latin-1 Supplement, Latin Extended-A), the letter without its accent.
constexpr std::string_view bare_letters =
    "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuu"
    "uuwwyyyzzzzzzs";
constexpr char32_t first_bare = 0xC0;
static_assert(bare_letters.size() == 0x180 - first_bare);

bool is_accent(char32_t c) { return c >= 0x300 && c <= 0x36F; }

/// No-break space to inverted question mark, dashes, quotation marks, bullets, currency, fractions, arrows.
bool is_sign(char32_t c) {
  const bool of_latin = c >= 0xA0 && c < first_bare && c != 0xAA && c != 0xAD && c != 0xBA;
  const bool punctuation = (c >= 0x2000 && c <= 0x200A) || (c >= 0x2010 && c <= 0x2027) || (c >= 0x202F && c <= 0x205F);
  return of_latin || punctuation || (c >= 0x20A0 && c <= 0x20CF) || (c >= 0x2150 && c <= 0x215F) ||
         (c >= 0x2190 && c <= 0x21FF);
}

struct plain_text {
  std::string text;
  bool whole = true;
};

plain_text read_plainly(std::string_view utf8) {
  plain_text made;
  while (!utf8.empty()) {
    const auto [c, octets] = utilities::first_code_point(utf8);
    utf8.remove_prefix(octets);
    const bool is_latin = c >= first_bare && c < first_bare + bare_letters.size();
    if (is_accent(c)) continue;
    made.text += c < 0x80 ? static_cast<char>(c) : is_latin ? bare_letters[c - first_bare] : ' ';
    if (c >= 0x80 && !is_latin && !is_sign(c)) made.whole = false;
  }
  return made;
}

}  // namespace

std::string plain_words(std::string_view text) {
  std::string words;
  words.reserve(text.size());
  bool gap = false;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || octet >= 0x80) {
      if (gap && !words.empty()) words += ' ';
      gap = false;
      words += upper ? static_cast<char>(c - 'A' + 'a') : c;
    } else {
      gap = true;
    }
  }
  return words;
}

std::string plain_letters(std::string_view utf8) { return read_plainly(utf8).text; }

std::optional<std::string> in_plain_letters(std::string_view utf8) {
  auto made = read_plainly(utf8);
  if (!made.whole) return std::nullopt;
  return std::move(made.text);
}

}  // namespace nxg
