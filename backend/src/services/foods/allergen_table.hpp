#pragma once

#include "models/allergen.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::foods {

/// Some of the fourteen.
class allergen_set {
 public:
  constexpr allergen_set() = default;
  constexpr allergen_set(std::initializer_list<allergen> some) {
    for (const auto one : some) add(one);
  }
  [[nodiscard]] static allergen_set of(const std::vector<allergen>& some);

  constexpr void add(allergen one) { bits_ |= bit(one); }
  constexpr void add(allergen_set others) { bits_ |= others.bits_; }
  [[nodiscard]] constexpr bool has(allergen one) const { return (bits_ & bit(one)) != 0; }
  [[nodiscard]] constexpr bool meets(allergen_set others) const { return (bits_ & others.bits_) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  /// In the order of the enumeration.
  [[nodiscard]] std::vector<allergen> list() const;

  friend constexpr bool operator==(allergen_set, allergen_set) = default;

 private:
  static constexpr std::uint32_t bit(allergen one) { return 1U << static_cast<unsigned>(one); }
  std::uint32_t bits_ = 0;
};

/// The words of a text as the tables compare them: lower case, without accents, singular ("Berries"
/// is "berry").
[[nodiscard]] std::vector<std::string> food_words(std::string_view text);

/// What a text about food names or implies: "Paneer with naan" is milk and gluten. Errs on the side of too much; what
/// it does not find may still be there, so it proves nothing for composed food.
[[nodiscard]] allergen_set allergens_in(std::string_view text);

/// What a member means who says to be allergic to this: "nuts", "Shellfish", "lactose intolerance". Nothing when it is
/// not understood: then nothing can be shown to be free of it.
[[nodiscard]] std::optional<allergen_set> allergens_meant(std::string_view text);

}  // namespace nxg::foods
