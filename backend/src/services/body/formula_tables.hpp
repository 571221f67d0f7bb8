#pragma once

#include "services/body/formulas.hpp"

namespace nxg::body {

/// The formulas by subject; `formulas()` is all of them.
[[nodiscard]] std::vector<formula> composition_formulas();
[[nodiscard]] std::vector<formula> energy_need_formulas();
[[nodiscard]] std::vector<formula> strength_formulas();
[[nodiscard]] std::vector<formula> exertion_formulas();

}  // namespace nxg::body
