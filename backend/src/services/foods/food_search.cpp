#include "services/foods/food_search.hpp"

#include "models/words.hpp"
#include "services/api_error.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <utility>

namespace nxg::foods {
namespace {

struct place {
  std::int32_t score = 0;
  uuid id;
};

// The best score first, ids among equals.
bool before(const place& a, const place& b) { return a.score != b.score ? a.score > b.score : a.id < b.id; }

std::string text_of(const place& at) { return std::to_string(at.score) + ' ' + at.id.to_string(); }

std::optional<place> place_of(const std::string& text) {
  const auto blank = text.find(' ');
  if (blank == std::string::npos) return std::nullopt;
  place at;
  const auto [end, error] = std::from_chars(text.data(), text.data() + blank, at.score);
  const auto id = uuid::parse(std::string_view{text}.substr(blank + 1));
  if (error != std::errc{} || end != text.data() + blank || !id) return std::nullopt;
  at.id = *id;
  return at;
}

// As long as what a plural and its singular share: "berries" is "berr", "tomatoes" is "tomato".
std::string stem(std::string_view word) {
  const auto without = [&](std::size_t letters) { return std::string{word.substr(0, word.size() - letters)}; };
  if (word.size() > 5 && word.ends_with("ies")) return without(3);
  if (word.size() > 4 && word.ends_with("oes")) return without(2);
  if (word.size() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us")) return without(1);
  return std::string{word};
}

std::vector<std::string> stems_in(const std::string& text) {
  std::vector<std::string> words;
  std::istringstream in{plain_words(text)};
  for (std::string word; in >> word && words.size() < 8;) words.push_back(stem(word));
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace

bool food_filter::admits(const food& one) const {
  if (group && one.group != *group) return false;
  return free_of.empty() || (one.allergens_complete && !allergen_set::of(one.allergens).meets(free_of));
}

std::int32_t score_of(const food& one, const std::vector<std::string>& words) {
  std::istringstream in{plain_words(one.name)};
  std::vector<std::string> named;
  for (std::string word; in >> word;) named.push_back(std::move(word));
  std::int32_t score = one.rank;
  for (const auto& word : words) {
    const auto whole = [&](const std::string& name) { return name == word || stem(name) == word; };
    if (!named.empty() && named.front().starts_with(word)) score += 400;
    if (!named.empty() && whole(named.front())) score += 400;
    if (std::ranges::any_of(named, whole)) score += 200;
  }
  return score;
}

task<found_foods> food_database::search(std::string text, food_filter only, std::size_t limit,
                                        std::optional<std::string> after) {
  const auto words = stems_in(text);
  found_foods found;
  if (words.empty()) co_return found;
  const auto from = after ? place_of(*after) : std::nullopt;
  auto matches = co_await kept_.search(joined(words), only.group, most_found);
  std::vector<std::pair<place, const food*>> ranked;
  for (const auto& one : matches) {
    const place at{score_of(one, words), one.id};
    if (only.admits(one) && (!from || before(*from, at))) ranked.emplace_back(at, &one);
  }
  const auto wanted = std::min(limit, ranked.size());
  std::ranges::partial_sort(ranked, ranked.begin() + static_cast<std::ptrdiff_t>(wanted), before,
                            &std::pair<place, const food*>::first);
  for (std::size_t i = 0; i < wanted; ++i) found.foods.push_back(*ranked[i].second);
  if (ranked.size() > wanted && wanted > 0) found.next = text_of(ranked[wanted - 1].first);
  co_return found;
}

task<found_foods> food_database::browse(food_filter only, std::size_t limit, std::optional<std::string> after) {
  found_foods found;
  found.next = std::move(after);
  bool more = true;
  // The store's pages are as long as what is still wanted: the last one ends where this page does.
  for (int reads = 0; more && found.foods.size() < limit && reads < 40; ++reads) {
    const auto wanted = only.free_of.empty() ? limit : std::size_t{100};
    auto part = co_await kept_.list(only.group, std::min(wanted, limit - found.foods.size()), found.next);
    for (auto& one : part.items) {
      if (only.admits(one)) found.foods.push_back(std::move(one));
    }
    found.next = std::move(part.next);
    more = found.next.has_value();
  }
  co_return found;
}

task<food> food_database::get(uuid id) {
  auto found = co_await kept_.find(id);
  if (!found) throw not_found("food");
  co_return std::move(*found);
}

}  // namespace nxg::foods
