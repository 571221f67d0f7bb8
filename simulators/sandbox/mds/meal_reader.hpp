#pragma once

#include "sandbox/mds/food_list.hpp"
#include "sandbox/mds/messages.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace nxg::sandbox::mds {

/// Tells believable meals: the same picture, list and seed give the same one. Of eight pictures one is uncertain
/// (confidence below 0.7), and one comes without any confidence.
class meal_reader {
 public:
  meal_reader(std::vector<known_food> foods, std::uint64_t seed);

  [[nodiscard]] identified_meal identify(std::string_view picture) const;

  /// Understands, in `correction`, the words of a known food and:
  ///   "no rice", "without rice", "remove the rice"         it goes
  ///   "200 g rice", "2 rice", "half the rice"               another quantity; where it is not there it is added
  ///   "add an apple", "also salad"                          it is added
  ///   "pasta instead of rice", "not rice but pasta"         the one for the other
  /// What it does not understand leaves the meal as it was. `breakdown` is what the service was reminded of: lines of
  /// `[name][quantity unit][description]`.
  [[nodiscard]] identified_meal correct(std::string_view breakdown, std::string_view correction) const;

 private:
  [[nodiscard]] const known_food* named(std::string_view words) const;

  std::vector<known_food> foods_;
  std::uint64_t seed_;
};

}  // namespace nxg::sandbox::mds
