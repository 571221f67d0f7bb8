#include "services/foods/food_list.hpp"

#include "models/words.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <sstream>
#include <tuple>

namespace nxg::foods {
namespace {

constexpr std::size_t most_words = 8;

std::vector<std::string> words_in(std::string_view text) {
  std::istringstream in{plain_words(text)};
  return {std::istream_iterator<std::string>{in}, {}};
}

// As long as what a plural and its singular share: "berries" is "berr", "tomatoes" is "tomato".
std::string stem(std::string_view word) {
  const auto without = [&](std::size_t letters) { return std::string{word.substr(0, word.size() - letters)}; };
  if (word.size() > 5 && word.ends_with("ies")) return without(3);
  if (word.size() > 4 && word.ends_with("oes")) return without(2);
  if (word.size() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us")) return without(1);
  return std::string{word};
}

std::vector<std::string> stems_of(const std::vector<std::string>& words) {
  std::vector<std::string> stems;
  for (const auto& word : words) stems.push_back(stem(word));
  return stems;
}

/// A place among the answers of a search: the best score first, ids among equals.
struct place {
  std::int32_t score = 0;
  uuid id;

  [[nodiscard]] bool before(const place& other) const {
    return score != other.score ? score > other.score : id < other.id;
  }
};

std::string text_of(const place& at) { return std::to_string(at.score) + ' ' + at.id.to_string(); }

std::optional<place> place_in(const std::string& text) {
  const auto blank = text.find(' ');
  if (blank == std::string::npos) return std::nullopt;
  place at;
  const auto [end, error] = std::from_chars(text.data(), text.data() + blank, at.score);
  const auto id = uuid::parse(std::string_view{text}.substr(blank + 1));
  if (error != std::errc{} || end != text.data() + blank || !id) return std::nullopt;
  at.id = *id;
  return at;
}

/// A place in the list by name.
struct named_place {
  std::string_view name;
  uuid id;
};

std::string text_of(const food& one) { return one.id.to_string() + ' ' + one.name; }

std::optional<named_place> named_place_in(std::string_view text) {
  const auto blank = text.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  const auto id = uuid::parse(text.substr(0, blank));
  if (!id) return std::nullopt;
  return named_place{text.substr(blank + 1), *id};
}

}  // namespace

bool food_filter::admits(const food& one) const {
  if (group && one.group != *group) return false;
  return free_of.empty() || (one.allergens_complete && !allergen_set::of(one.allergens).meets(free_of));
}

food_list::food_list(std::vector<food> all) {
  std::ranges::sort(all, {}, [](const food& one) { return std::tie(one.name, one.id); });
  entries_.reserve(all.size());
  for (auto& one : all) {
    auto words = words_in(one.name);
    auto stems = stems_of(words);
    entries_.push_back({std::move(one), std::move(words), std::move(stems)});
  }
  for (std::uint32_t number = 0; number < entries_.size(); ++number) {
    for (const auto& word : entries_[number].words) words_.emplace_back(word, number);
    by_id_.emplace(entries_[number].is.id, number);
  }
  std::ranges::sort(words_);
}

food_list::numbers food_list::with_prefix(std::string_view word) const {
  numbers found;
  auto at = std::ranges::lower_bound(words_, word, {}, &std::pair<std::string_view, std::uint32_t>::first);
  for (; at != words_.end() && at->first.starts_with(word); ++at) found.push_back(at->second);
  std::ranges::sort(found);
  const auto [first, last] = std::ranges::unique(found);
  found.erase(first, last);
  return found;
}

food_list::numbers food_list::with_all(const std::vector<std::string>& asked) const {
  numbers found;
  for (std::size_t i = 0; i < asked.size() && (i == 0 || !found.empty()); ++i) {
    auto next = with_prefix(asked[i]);
    if (i > 0) {
      numbers both;
      std::ranges::set_intersection(found, next, std::back_inserter(both));
      next = std::move(both);
    }
    found = std::move(next);
  }
  return found;
}

std::int32_t food_list::score(const entry& one, const std::vector<std::string>& asked) {
  std::int32_t score = one.is.rank;
  for (const auto& word : asked) {
    const auto whole = [&](std::size_t i) { return one.words[i] == word || one.stems[i] == word; };
    bool somewhere = false;
    for (std::size_t i = 0; i < one.words.size() && !somewhere; ++i) somewhere = whole(i);
    if (one.words.front().starts_with(word)) score += 400;
    if (whole(0)) score += 400;
    if (somewhere) score += 200;
  }
  return score;
}

found_foods food_list::search(std::string_view text, const food_filter& only, std::size_t limit,
                              const std::optional<std::string>& after) const {
  auto asked = stems_of(words_in(text));
  if (asked.size() > most_words) asked.resize(most_words);
  const auto from = after ? place_in(*after) : std::nullopt;
  std::vector<std::pair<place, const food*>> ranked;
  for (const auto number : with_all(asked)) {
    const auto& one = entries_[number];
    if (!only.admits(one.is)) continue;
    const place at{score(one, asked), one.is.id};
    if (!from || from->before(at)) ranked.emplace_back(at, &one.is);
  }
  const auto wanted = std::min(limit, ranked.size());
  std::ranges::partial_sort(ranked, ranked.begin() + static_cast<std::ptrdiff_t>(wanted),
                            [](const auto& one, const auto& other) { return one.first.before(other.first); });
  found_foods found;
  for (std::size_t i = 0; i < wanted; ++i) found.foods.push_back(*ranked[i].second);
  if (ranked.size() > wanted && wanted > 0) found.next = text_of(ranked[wanted - 1].first);
  return found;
}

found_foods food_list::browse(const food_filter& only, std::size_t limit,
                              const std::optional<std::string>& after) const {
  auto at = entries_.begin();
  if (const auto from = after ? named_place_in(*after) : std::nullopt) {
    at = std::ranges::upper_bound(entries_, std::pair{from->name, from->id}, {},
                                  [](const entry& one) { return std::pair{std::string_view{one.is.name}, one.is.id}; });
  }
  found_foods found;
  for (; at != entries_.end(); ++at) {
    if (!only.admits(at->is)) continue;
    if (found.foods.size() == limit) {
      found.next = text_of(found.foods.back());
      break;
    }
    found.foods.push_back(at->is);
  }
  return found;
}

const food* food_list::find(const uuid& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &entries_[found->second].is;
}

}  // namespace nxg::foods
