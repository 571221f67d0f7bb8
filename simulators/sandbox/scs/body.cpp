#include "sandbox/scs/body.hpp"

#include "figure/figure.hpp"
#include "figure/glb.hpp"
#include "figure/picture.hpp"

#include <algorithm>
#include <cmath>

namespace nxg::sandbox::scs {

namespace {

constexpr unsigned thumbnail_pixels = 512;

/// Draws numbers out of the digits of a hash, one after the other.
class draws {
 public:
  explicit draws(std::string_view hex) : hex_{hex} {}

  double between(double low, double high) {
    unsigned number = 0;
    for (int i = 0; i < 4; ++i) {
      const char digit = hex_[at_++ % hex_.size()];
      number = number * 16 + static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
    }
    return low + (high - low) * number / 65535.0;
  }

 private:
  std::string_view hex_;
  std::size_t at_ = 0;
};

double tenths(double value, double low, double high) { return std::clamp(std::round(value * 10) / 10, low, high); }

figure::body_build build_of(const std::optional<subject>& of) {
  if (!of || !of->gender || *of->gender == gender::other) return figure::body_build::between;
  return *of->gender == gender::male ? figure::body_build::male : figure::body_build::female;
}

}  // namespace

measurements measure(std::string_view sha256_hex, const std::optional<subject>& of) {
  draws drawn{sha256_hex};
  const double height = of && of->height_cm ? of->height_cm->value() : drawn.between(158, 195);
  const double weight = of && of->weight_kg ? of->weight_kg->value() * drawn.between(0.985, 1.015)
                                            : drawn.between(20, 27) * height * height / 10'000;
  const auto girths = figure::estimate({height, weight, build_of(of)});
  const auto varied = [&](double value, double low, double high) {
    return tenths(value * drawn.between(0.97, 1.03), low, high);
  };
  measurements made;
  made.chest_cm = varied(girths.chest_cm, 30, 250);
  made.waist_cm = varied(girths.waist_cm, 30, 250);
  made.hips_cm = varied(girths.hips_cm, 30, 250);
  made.arms_cm = varied(girths.arms_cm, 10, 100);
  made.thighs_cm = varied(girths.thighs_cm, 20, 150);
  made.height_cm = tenths(height, 50, 300);
  made.weight_kg = tenths(weight, 20, 500);
  made.body_fat_percentage = tenths(drawn.between(12, 30), 1, 80);
  made.skeletal_muscle_mass_kg = tenths(weight * drawn.between(0.36, 0.46), 1, 150);
  return made;
}

made_avatar make_avatar(const measurements& of) {
  figure::measures shape;
  const auto take = [](double& into, const auto& from) {
    if (from) into = from->value();
  };
  take(shape.height_cm, of.height_cm);
  take(shape.chest_cm, of.chest_cm);
  take(shape.waist_cm, of.waist_cm);
  take(shape.hips_cm, of.hips_cm);
  take(shape.thighs_cm, of.thighs_cm);
  take(shape.arms_cm, of.arms_cm);
  const auto mesh = figure::make(shape);
  return {figure::to_glb(mesh), figure::draw_png(mesh, thumbnail_pixels)};
}

}  // namespace nxg::sandbox::scs
