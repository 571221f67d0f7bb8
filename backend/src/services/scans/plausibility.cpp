#include "services/scans/plausibility.hpp"

#include <cmath>
#include <utility>

namespace nxg::scanning {

namespace {

constexpr double most_height_apart_cm = 10;
constexpr double most_weight_apart = 0.3;

void compare_with_profile(const scan_measurements& what, const user& of, std::vector<field_error>& wrong) {
  if (what.height_cm && of.height_cm) {
    if (std::abs(what.height_cm->value() - of.height_cm->value().value()) > most_height_apart_cm)
      wrong.push_back({"/measurements/heightCm", "implausible", "is more than 10 cm from the height in the profile"});
  }
  if (what.weight_kg && of.weight_kg) {
    const double known = of.weight_kg->value().value();
    if (std::abs(what.weight_kg->value() - known) > most_weight_apart * known)
      wrong.push_back({"/measurements/weightKg", "implausible", "is more than 30 % from the weight in the profile"});
  }
}

void compare_parts(const scan_measurements& what, std::vector<field_error>& wrong) {
  const auto smaller = [&](const auto& part, const auto& whole, const char* pointer, const char* message) {
    if (part && whole && part->value() >= whole->value()) wrong.push_back({pointer, "implausible", message});
  };
  smaller(what.arms_cm, what.chest_cm, "/measurements/armsCm", "is not smaller than the chest");
  smaller(what.thighs_cm, what.hips_cm, "/measurements/thighsCm", "is not smaller than the hips");
  smaller(what.skeletal_muscle_mass_kg, what.weight_kg, "/measurements/skeletalMuscleMassKg",
          "is not less than the weight");
  if (what.skeletal_muscle_mass_kg && what.weight_kg && what.body_fat_percentage) {
    const double muscle = what.skeletal_muscle_mass_kg->value() / what.weight_kg->value();
    if (muscle + what.body_fat_percentage->value() / 100 > 1)
      wrong.push_back({"/measurements/bodyFatPercentage", "implausible", "with the muscle is more than the body"});
  }
}

}  // namespace

std::vector<field_error> implausible_in(const scan_measurements& what, const user& of) {
  std::vector<field_error> wrong;
  compare_with_profile(what, of, wrong);
  compare_parts(what, wrong);
  return wrong;
}

void refuse_implausible(const scan_measurements& what, const user& of, error_code code) {
  auto wrong = implausible_in(what, of);
  if (!wrong.empty()) throw api_error{code, "These cannot be measurements of this body."}.with_fields(std::move(wrong));
}

}  // namespace nxg::scanning
