#pragma once

#include "figure/mesh.hpp"

#include <cstdint>

namespace nxg::figure {

/// Girths in cm.
struct measures {
  double height_cm = 170;
  double chest_cm = 98;
  double waist_cm = 86;
  double hips_cm = 100;
  double thighs_cm = 58;
  double arms_cm = 31;
};

enum class body_build : std::uint8_t { male, female, between };

struct known_facts {
  double height_cm = 170;
  double weight_kg = 70;
  body_build build = body_build::between;
};

/// Girths of somebody of whom only that is known. A body's volume goes with its height and the square of its girths, so
/// the girths of a reference body (about the means of ANSUR II, 2012: 175.6 cm and 85.5 kg, 162.8 cm and 67.8 kg) are
/// scaled by the root of weight over height.
[[nodiscard]] measures estimate(const known_facts& of);

/// Measures outside what bodies have are brought into it (height 50 to 300 cm, girths 10 to 300 cm).
[[nodiscard]] mesh make(const measures& of);

}  // namespace nxg::figure
