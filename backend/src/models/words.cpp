#include "models/words.hpp"

namespace nxg {

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

}  // namespace nxg
