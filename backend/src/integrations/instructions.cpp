#include "integrations/instructions.hpp"

#include "models/words.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace nxg::integrations {
namespace {

constexpr auto marks = std::to_array<std::string_view>({"<", ">", "{", "}", "`", "\\", "://", "$", "[[", "]]"});

// Whole words in a row, as `plain_words` spells them. None of them is in the name of a food or an exercise, or in what
// is said about one.
constexpr auto phrases = std::to_array<std::string_view>(
    {"ignore all",      "ignore previous",  "ignore the",  "ignore any",     "disregard",
     "forget previous", "forget all",       "instruction", "instructions",   "system prompt",
     "prompt",          "you are now",      "as an ai",    "language model", "assistant",
     "developer mode",  "jailbreak",        "http",        "https",          "www",
     "javascript",      "script",           "select from", "drop table",     "award points",
     "click here",      "call this number", "password",    "stop taking",    "do not take your medication",
     "fasting for"});

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
