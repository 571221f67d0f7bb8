#include "sandbox/mds/meal_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

namespace nxg::sandbox::mds {
namespace {

constexpr double usual_grams = 150;

// FNV-1a: any even spread will do.
std::uint64_t digest(std::string_view text, std::uint64_t seed) {
  std::uint64_t hash = 14'695'981'039'346'656'037ULL ^ seed;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1'099'511'628'211ULL;
  return hash ^ hash >> 29;
}

/// Numbers in a row out of one.
class numbers {
 public:
  explicit numbers(std::uint64_t from) : state_{from} {}
  std::uint64_t below(std::uint64_t bound) {
    state_ = state_ * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
    return (state_ >> 33) % bound;
  }

 private:
  std::uint64_t state_;
};

double tenth(double value) { return std::round(value * 10) / 10; }
double thousandth(double value) { return std::round(value * 1000) / 1000; }

identified_food portion(const known_food& food, double grams) {
  grams = std::clamp(std::round(grams), 1.0, 2'000.0);
  identified_food made{.name = food.name, .quantity = fmt::format("{}", grams), .unit = "g"};
  made.description_ = fmt::format("about {} g of it", grams);
  made.calories_per_quantity = thousandth(food.calories / 100);
  made.carbs_per_quantity = thousandth(food.carbs / 100);
  made.fat_per_quantity = thousandth(food.fat / 100);
  made.protein_per_quantity = thousandth(food.protein / 100);
  made.fiber_per_quantity = thousandth(food.fiber / 100);
  const double share = grams / 100;
  made.nutrition = {tenth(food.calories * share), tenth(food.carbs * share), tenth(food.fat * share),
                    tenth(food.protein * share), tenth(food.fiber * share)};
  return made;
}

std::string words_of(std::string_view text) {
  std::string words = " ";
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    const bool kept = std::isalnum(octet) != 0 || octet >= 0x80 || c == '.';
    if (kept) {
      words += static_cast<char>(std::tolower(octet));
    } else if (words.back() != ' ') {
      words += ' ';
    }
  }
  if (words.back() != ' ') words += ' ';
  return words;
}

/// The first word of a name: "Rice, white" goes by "rice", also where it is spoken of in the singular.
std::string called(const known_food& food) {
  auto words = words_of(food.name);
  auto word = words.substr(1, words.find(' ', 1) - 1);
  if (word.size() > 4 && word.ends_with("oes")) {
    word.resize(word.size() - 2);
  } else if (word.size() > 3 && word.ends_with('s') && !word.ends_with("ss")) {
    word.pop_back();
  }
  return word;
}

bool speaks_of(const std::string& words, const known_food& food) {
  const auto name = called(food);
  return words.find(" " + name) != std::string::npos;
}

std::optional<double> number_before(const std::string& words, std::size_t end) {
  std::optional<double> found;
  const auto before = words.substr(0, end);
  for (std::size_t at = 0; at < before.size(); ++at) {
    if (std::isdigit(static_cast<unsigned char>(before[at])) == 0 || before[at - 1] != ' ') continue;
    double value = 0;
    const auto* first = before.data() + at;
    if (std::from_chars(first, before.data() + before.size(), value).ec == std::errc{}) found = value;
  }
  return found;
}

double grams_of(const std::string& words, std::size_t at, double now) {
  if (words.find(" half ") != std::string::npos) return now / 2;
  if (words.find(" twice ") != std::string::npos || words.find(" double ") != std::string::npos) return now * 2;
  const auto number = number_before(words, at);
  if (!number) return now;
  // A small number counts portions.
  return *number <= 10 ? *number * usual_grams : *number;
}

struct part {
  const known_food* food;
  double grams;
};

std::vector<identified_food> served(const std::vector<part>& parts) {
  std::vector<identified_food> foods;
  for (const auto& one : parts) foods.push_back(portion(*one.food, one.grams));
  return foods;
}

bool has_any(const std::string& words, std::initializer_list<std::string_view> of) {
  return std::ranges::any_of(of, [&](std::string_view one) { return words.find(one) != std::string::npos; });
}

}  // namespace

meal_reader::meal_reader(std::vector<known_food> foods, std::uint64_t seed) : foods_{std::move(foods)}, seed_{seed} {}

identified_meal meal_reader::identify(std::string_view picture) const {
  numbers draw{digest(picture, seed_)};
  identified_meal seen;
  const auto count = 2 + draw.below(3);
  std::vector<const known_food*> chosen;
  while (chosen.size() < count && chosen.size() < foods_.size()) {
    const auto* one = &foods_[draw.below(foods_.size())];
    if (std::ranges::find(chosen, one) == chosen.end()) chosen.push_back(one);
  }
  for (const auto* one : chosen) {
    // As much of rich food as of light food would be no meal.
    const double most = std::clamp(40'000.0 / std::max(one->calories, 1.0), 40.0, 250.0);
    seen.foods.push_back(portion(*one, most * (0.5 + static_cast<double>(draw.below(50)) / 100)));
  }
  switch (draw.below(8)) {
    case 0: break;
    case 1: seen.confidence = 0.4 + static_cast<double>(draw.below(25)) / 100; break;
    default: seen.confidence = 0.75 + static_cast<double>(draw.below(24)) / 100; break;
  }
  return seen;
}

const known_food* meal_reader::named(std::string_view words) const {
  const auto text = words_of(words);
  const auto exact = std::ranges::find_if(foods_, [&](const auto& one) { return words_of(one.name) == text; });
  return exact == foods_.end() ? nullptr : &*exact;
}

identified_meal meal_reader::correct(std::string_view breakdown, std::string_view correction) const {
  std::vector<part> parts;
  for (std::size_t at = 0; at < breakdown.size();) {
    const auto end = std::min(breakdown.find('\n', at), breakdown.size());
    const auto line = breakdown.substr(at, end - at);
    at = end + 1;
    if (!line.starts_with('[')) continue;
    const auto name_end = line.find(']');
    const auto* food = named(line.substr(1, name_end - 1));
    if (food == nullptr || name_end == std::string_view::npos) continue;
    const auto rest = line.substr(std::min(name_end + 2, line.size()));
    double grams = usual_grams;
    std::from_chars(rest.data(), rest.data() + rest.size(), grams);
    parts.push_back({food, grams});
  }

  const auto words = words_of(correction);
  const auto instead = words.find(" instead of ");
  const auto but = words.starts_with(" not ") ? words.find(" but ") : std::string::npos;
  const bool goes = has_any(words, {" no ", " without ", " remove ", " not "});
  const auto mentioned = [&](const part& one) { return speaks_of(words, *one.food); };
  // What is spoken of beside what is on the plate: the first of the list that goes by that word.
  const known_food* other = nullptr;
  for (const auto& one : foods_) {
    const bool there = std::ranges::any_of(parts, [&](const auto& part) { return called(*part.food) == called(one); });
    if (other == nullptr && !there && speaks_of(words, one)) other = &one;
  }
  if (instead != std::string::npos || but != std::string::npos) {
    const auto old = std::ranges::find_if(parts, mentioned);
    if (old != parts.end() && other != nullptr) old->food = other;
  } else if (goes) {
    std::erase_if(parts, mentioned);
  } else {
    for (auto& one : parts) {
      if (mentioned(one)) one.grams = grams_of(words, words.find(" " + called(*one.food)), one.grams);
    }
    if (other != nullptr) parts.push_back({other, grams_of(words, words.find(" " + called(*other)), usual_grams)});
  }
  return {served(parts), 0.9};
}

}  // namespace nxg::sandbox::mds
