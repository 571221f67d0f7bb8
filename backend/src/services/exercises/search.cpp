#include "services/exercises/search.hpp"

#include "models/words.hpp"
#include "store/words.hpp"

#include <algorithm>
#include <string>
#include <tuple>

namespace nxg::exercises {
namespace {

bool begins_some(std::string_view word, const std::vector<std::string>& words) {
  return std::ranges::any_of(words, [&](const std::string& one) { return one.starts_with(word); });
}

bool all_begin_some(std::string_view text, std::string_view in) {
  const auto words = store::words_of(in);
  return std::ranges::all_of(store::words_of(text), [&](const auto& word) { return begins_some(word, words); });
}

closeness closeness_of(const exercise& one, std::string_view text, std::string_view plain) {
  const auto name = plain_words(one.name);
  if (name == plain) return closeness::exact;
  if (name.starts_with(plain)) return closeness::begins;
  return all_begin_some(text, one.name) ? closeness::in_name : closeness::elsewhere;
}

}  // namespace

bool answers(const exercise& one, std::string_view text) { return all_begin_some(text, one.search_text); }

std::vector<hit> ranked(const std::vector<const exercise*>& found, std::string_view text) {
  const auto plain = plain_words(text);
  std::vector<hit> hits;
  hits.reserve(found.size());
  for (const auto* one : found) hits.push_back({closeness_of(*one, text, plain), one});
  std::ranges::sort(hits, {}, [](const hit& one) { return std::tie(one.how, one.what->name, one.what->id); });
  return hits;
}

}  // namespace nxg::exercises
