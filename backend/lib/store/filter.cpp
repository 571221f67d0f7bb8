#include "store/filter.hpp"

#include "store/words.hpp"

namespace nxg::store::detail {

predicate join(predicate::kind how, predicate a, predicate b) {
  // Everything is neutral to "and" and wins over "or".
  if (a.what == predicate::kind::everything) return how == predicate::kind::all ? b : a;
  if (b.what == predicate::kind::everything) return how == predicate::kind::all ? a : b;
  if (a.what != how) a = predicate{.what = how, .parts = {std::move(a)}};
  if (b.what == how) {
    for (predicate& part : b.parts) a.parts.push_back(std::move(part));
  } else {
    a.parts.push_back(std::move(b));
  }
  return a;
}

predicate compare(predicate::kind what, std::string path, document_value value) {
  return {.what = what, .path = std::move(path), .values = {std::move(value)}};
}

predicate search_words(std::string path, std::string_view text) {
  predicate found;
  for (std::string& word : words_of(text)) {
    found = join(predicate::kind::all, std::move(found),
                 compare(predicate::kind::word_prefix, path, document_value{std::move(word)}));
  }
  return found;
}

}  // namespace nxg::store::detail
