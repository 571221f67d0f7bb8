#include "integrations/instructions.hpp"

#include "models/words.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace nxg::integrations {
namespace {

constexpr std::array<std::string_view, 10> marks{"<", ">", "{", "}", "`", "\\", "://", "$(", "[[", "]]"};

// Whole words in a row, as `plain_words` spells them. None of them is in the name of a food.
constexpr std::array<std::string_view, 23> phrases{
    "ignore all", "ignore previous", "ignore the",     "ignore any",    "disregard",      "forget previous",
    "forget all", "instruction",     "instructions",   "system prompt", "prompt",         "you are now",
    "you must",   "as an ai",        "language model", "assistant",     "developer mode", "jailbreak",
    "javascript", "award points",    "click here",     "www",           "password"};

}  // namespace

bool reads_like_instructions(std::string_view text) {
  const auto has = [&](std::string_view mark) { return text.find(mark) != std::string_view::npos; };
  if (std::ranges::any_of(marks, has)) return true;
  const auto padded = " " + plain_words(text) + " ";
  return std::ranges::any_of(phrases, [&](std::string_view phrase) {
    return padded.find(" " + std::string{phrase} + " ") != std::string::npos;
  });
}

}  // namespace nxg::integrations
