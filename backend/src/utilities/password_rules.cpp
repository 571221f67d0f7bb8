#include "utilities/password_rules.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>

namespace nxg::utilities {

namespace {

// The words that lead every published list of leaked passwords, and the ones nearest to hand in a gym.
constexpr std::array common_words = std::to_array<std::string_view>({
    "abcabc",   "abcdef",     "access",     "admin",     "administrator", "andrew",   "angel",     "anthony",
    "arsenal",  "asdasd",     "asdfasdf",   "asdfgh",    "ashley",        "babygirl", "bailey",    "barcelona",
    "baseball", "basketball", "batman",     "biteme",    "blink",         "buster",   "butterfly", "changeme",
    "charlie",  "cheese",     "chelsea",    "chocolate", "computer",      "cookie",   "corvette",  "daniel",
    "default",  "diamond",    "dolphin",    "donald",    "dragon",        "eminem",   "ferrari",   "fitness",
    "flower",   "football",   "freedom",    "friends",   "fuckyou",       "george",   "ginger",    "guest",
    "gymgym",   "hammer",     "harley",     "hello",     "helloworld",    "hockey",   "hunter",    "iloveyou",
    "internet", "jasmine",    "jennifer",   "jessica",   "jordan",        "joshua",   "justin",    "killer",
    "letmein",  "liverpool",  "login",      "london",    "lovely",        "loveme",   "maggie",    "manager",
    "master",   "matthew",    "merlin",     "michael",   "michelle",      "monkey",   "mustang",   "mypassword",
    "naruto",   "nicole",     "password",   "passwort",  "pepper",        "pokemon",  "princess",  "purple",
    "qazwsx",   "qwerty",     "qwertyuiop", "rainbow",   "robert",        "samsung",  "secret",    "shadow",
    "soccer",   "spiderman",  "starwars",   "summer",    "sunshine",      "superman", "superuser", "test",
    "thomas",   "tigger",     "trustno",    "welcome",   "whatever",      "winter",   "workout",
});

// Runs of keys and letters; also read backwards.
constexpr std::array<std::string_view, 8> sequences{
    "01234567890123456789",       "abcdefghijklmnopqrstuvwxyz",   "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm", "azertyuiopqsdfghjklmwxcvbn",   "1q2w3e4r5t6y7u8i9o0p",
    "qazwsxedcrfvtgbyhnujmikolp", "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string lower_case(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; }

// The letter a digit or sign usually stands for.
char undecorated(char c) {
  switch (c) {
    case '0': return 'o';
    case '1':
    case '!': return 'i';
    case '3': return 'e';
    case '4':
    case '@': return 'a';
    case '5':
    case '$': return 's';
    case '7': return 't';
    default: return c;
  }
}

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

template <class Belongs>
std::string_view without_ends(std::string_view text, Belongs belongs) {
  while (!text.empty() && !belongs(text.front())) text.remove_prefix(1);
  while (!text.empty() && !belongs(text.back())) text.remove_suffix(1);
  return text;
}

bool few_characters(std::string_view text) {
  std::bitset<256> seen;
  for (const char c : text) seen.set(static_cast<unsigned char>(c));
  return seen.count() < 5;
}

bool repeats_a_short_piece(std::string_view text) {
  for (std::size_t period = 1; period <= 5; ++period) {
    bool repeats = true;
    for (std::size_t at = period; at < text.size() && repeats; ++at) repeats = text[at] == text[at - period];
    if (repeats) return true;
  }
  return false;
}

// How many characters from `at` on follow one of the sequences, forwards or backwards.
std::size_t run_at(std::string_view text, std::size_t at) {
  std::size_t longest = 1;
  for (const auto sequence : sequences) {
    for (std::size_t start = 0; start < sequence.size(); ++start) {
      if (sequence[start] != text[at]) continue;
      std::size_t forwards = 1;
      while (at + forwards < text.size() && start + forwards < sequence.size() &&
             sequence[start + forwards] == text[at + forwards]) {
        ++forwards;
      }
      std::size_t backwards = 1;
      while (at + backwards < text.size() && start >= backwards &&
             sequence[start - backwards] == text[at + backwards]) {
        ++backwards;
      }
      longest = std::max({longest, forwards, backwards});
    }
  }
  return longest;
}

// Whether little is left once runs of four and more count as one choice each.
bool mostly_sequences(std::string_view text) {
  std::size_t choices = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto run = run_at(text, at);
    at += run >= 4 ? run : 1;
    ++choices;
  }
  return choices <= 4;
}

bool is_common_word(std::string_view word) { return std::ranges::find(common_words, word) != common_words.end(); }

std::string undecorated(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(), [](char c) { return undecorated(c); });
  return result;
}

std::string_view once(std::string_view word) {
  const auto half = word.substr(0, word.size() / 2);
  return word.size() % 2 == 0 && word.substr(half.size()) == half ? half : word;
}

// The word inside "p4ssw0rd1987" and "$tarwar$77!": what surrounds it is taken off, then its signs are read as letters.
bool is_decorated_common_word(std::string_view text) {
  const auto bare = without_ends(text, [](char c) { return is_letter(c); });
  const auto signed_ends = without_ends(text, [](char c) { return is_letter(c) || c == '$' || c == '@'; });
  return is_common_word(once(bare)) || is_common_word(once(undecorated(bare))) ||
         is_common_word(once(undecorated(signed_ends)));
}

bool contains_own_word(std::string_view password, std::span<const std::string_view> own_words) {
  return std::ranges::any_of(own_words, [&](std::string_view word) {
    const auto own = lower_case(word.substr(0, word.find('@')));
    return own.size() >= 4 && password.find(own) != password.npos;
  });
}

}  // namespace

std::optional<password_problem> problem_of_password(std::string_view password,
                                                    std::span<const std::string_view> own_words) {
  const auto length = code_points(password);
  if (length < min_password_length) return password_problem{"too_short", "must have at least 10 characters"};
  if (length > max_password_length) return password_problem{"too_long", "must have at most 128 characters"};
  const auto text = lower_case(password);
  if (few_characters(text) || repeats_a_short_piece(text) || mostly_sequences(text)) {
    return password_problem{"too_simple", "must not be a repetition or a sequence of keys"};
  }
  if (std::ranges::none_of(text, is_letter) || is_decorated_common_word(text)) {
    return password_problem{"too_common", "is one of the passwords that are guessed first"};
  }
  if (contains_own_word(text, own_words)) {
    return password_problem{"contains_account", "must not contain the user name, e-mail address or name"};
  }
  return std::nullopt;
}

}  // namespace nxg::utilities
