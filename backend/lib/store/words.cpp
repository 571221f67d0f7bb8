#include "store/words.hpp"

#include <algorithm>
#include <cstddef>

namespace nxg::store {

namespace {

constexpr std::size_t most_words = 64;
constexpr std::size_t longest_word = 64;

bool in_word(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

void lower(std::string& word) {
  for (std::size_t i = 0; i < word.size(); ++i) {
    const auto c = static_cast<unsigned char>(word[i]);
    if (c >= 'A' && c <= 'Z') {
      word[i] = static_cast<char>(c + 0x20);
    } else if (c == 0xC3 && i + 1 < word.size()) {
      // U+00C0 to U+00DE are two bytes, their lower case 0x20 further in the second; U+00D7 is a sign.
      const auto next = static_cast<unsigned char>(word[i + 1]);
      if (next >= 0x80 && next <= 0x9E && next != 0x97) word[i + 1] = static_cast<char>(next + 0x20);
      ++i;
    }
  }
}

/// Cut at a character's end.
void shorten(std::string& word) {
  if (word.size() <= longest_word) return;
  std::size_t end = longest_word;
  while (end > 0 && (static_cast<unsigned char>(word[end]) & 0xC0) == 0x80) --end;
  word.resize(end);
}

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::size_t i = 0;
  while (i < text.size() && words.size() < most_words) {
    while (i < text.size() && !in_word(static_cast<unsigned char>(text[i]))) ++i;
    const std::size_t begin = i;
    while (i < text.size() && in_word(static_cast<unsigned char>(text[i]))) ++i;
    if (i == begin) break;
    words.emplace_back(text.substr(begin, i - begin));
    lower(words.back());
    shorten(words.back());
  }
  std::ranges::sort(words);
  const auto [first, last] = std::ranges::unique(words);
  words.erase(first, last);
  return words;
}

}  // namespace nxg::store
