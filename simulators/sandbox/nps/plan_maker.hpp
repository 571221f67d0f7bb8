#pragma once

#include "sandbox/nps/dishes.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nxg::sandbox::nps {

/// Makes believable weeks out of the one line the service is told. The same line, figures and seed give the same week.
class plan_maker {
 public:
  plan_maker(food_list figures, std::uint64_t seed);

  /// The answer of the contract as JSON; nothing when the line tells no daily energy.
  [[nodiscard]] std::optional<std::string> make(std::string_view input_text) const;

 private:
  food_list figures_;
  std::uint64_t seed_;
};

}  // namespace nxg::sandbox::nps
