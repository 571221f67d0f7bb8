#include "services/body/formulas.hpp"

#include "services/body/formula_tables.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace nxg::body {
namespace {

std::vector<formula> all_formulas() {
  std::vector<formula> all;
  for (auto* table : {composition_formulas, energy_need_formulas, strength_formulas, exertion_formulas}) {
    for (auto& one : table()) all.push_back(std::move(one));
  }
  for (auto& one : all) {
    const bool asks_age = std::ranges::any_of(
        one.inputs, [](const formula_input& input) { return input.member == &formula_inputs::age_years; });
    if (one.adults_only && !asks_age)
      one.inputs.push_back(in<&formula_inputs::age_years>(adult_from_years, 120).only(input_need::where_given));
  }
  std::ranges::sort(all, {}, &formula::id);
  return all;
}

bool needed(const formula_input& input, const std::optional<body_sex>& sex) {
  switch (input.need) {
    case input_need::always: return true;
    case input_need::of_women: return sex != body_sex::male;
    case input_need::where_given: return false;
  }
  return true;
}

// Looks at every input, so that the answer names all that is wrong. Whether the formula's usual confidence holds.
bool look_at_inputs(const formula& by, const formula_inputs& from, estimate& answer) {
  bool sure = true;
  for (const auto& input : by.inputs) {
    const auto& given = from.*input.member;
    const bool asked = needed(input, from.sex);
    if (!given) {
      if (asked) answer.missing.push_back(input.name);
      sure = sure && input.need != input_need::where_given;
      continue;
    }
    if (!asked && input.need == input_need::of_women) continue;
    answer.inputs.*input.member = given;
    if (!(*given >= input.least && *given <= input.most)) answer.outside.push_back(input.name);
    sure = sure && *given >= input.sure_from && *given <= input.sure_to;
  }
  if (by.differs_by_sex) {
    answer.inputs.sex = from.sex;
    sure = sure && from.sex.has_value();
  }
  return sure;
}

void evaluate(const formula& by, estimate& answer) {
  const auto told = [&by](double value) {
    return std::isfinite(value) && value >= by.least_result && value <= by.most_result;
  };
  double value = 0;
  if (by.differs_by_sex && !answer.inputs.sex) {
    const both_sexes both{by.equation(answer.inputs, body_sex::female), by.equation(answer.inputs, body_sex::male)};
    value = told(both.female) && told(both.male) ? (both.female + both.male) / 2 : std::nan("");
    if (told(value)) answer.by_sex = both;
  } else {
    value = by.equation(answer.inputs, answer.inputs.sex.value_or(body_sex::female));
  }
  if (told(value)) {
    answer.value = value;
  } else {
    answer.outside.emplace_back("value");
  }
}

}  // namespace

const std::vector<formula>& formulas() {
  static const std::vector<formula> all = all_formulas();
  return all;
}

const formula& formula_of(formula_id id) { return formulas().at(static_cast<std::size_t>(id)); }

estimate calculate(formula_id id, const formula_inputs& from) {
  const auto& by = formula_of(id);
  if (by.equation == nullptr) throw std::logic_error{by.name + " gives more than a number"};
  estimate answer{.formula = id, .version = by.version, .unit = by.unit};
  const bool sure = look_at_inputs(by, from, answer);
  if (answer.missing.empty() && answer.outside.empty()) evaluate(by, answer);
  answer.out_of_range = !answer.outside.empty();
  if (answer.value) answer.confidence = sure ? by.confidence : confidence::low;
  return answer;
}

}  // namespace nxg::body
