#include "figure/figure.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <span>

namespace nxg::figure {

namespace {

constexpr std::size_t around = 24;

/// An ellipse across a limb or the trunk.
struct ring {
  double y;
  double x;
  double half_width;
  double half_depth;
};

/// Half axes of an ellipse of that girth, `flatness` being depth over width (Ramanujan's first approximation).
ring ring_of(double y, double x, double girth, double flatness) {
  const double a = 1;
  const double b = flatness;
  const double unit = std::numbers::pi * (3 * (a + b) - std::sqrt((3 * a + b) * (a + 3 * b)));
  const double half_width = girth / unit;
  return {y, x, half_width, half_width * flatness};
}

class builder {
 public:
  /// A closed skin through the rings, from below upwards.
  void loft(std::span<const ring> rings) {
    const auto first = static_cast<std::uint32_t>(made_.positions.size());
    for (const auto& one : rings) {
      for (std::size_t i = 0; i < around; ++i) {
        const double angle = 2 * std::numbers::pi * static_cast<double>(i) / around;
        add(one.x + one.half_width * std::cos(angle), one.y, one.half_depth * std::sin(angle));
      }
    }
    for (std::size_t level = 0; level + 1 < rings.size(); ++level) {
      for (std::uint32_t i = 0; i < around; ++i) quad(first + static_cast<std::uint32_t>(level * around), i);
    }
    const auto bottom = add(rings.front().x, rings.front().y, 0);
    const auto top = add(rings.back().x, rings.back().y, 0);
    const auto last = first + static_cast<std::uint32_t>((rings.size() - 1) * around);
    for (std::uint32_t i = 0; i < around; ++i) {
      const auto next = (i + 1) % static_cast<std::uint32_t>(around);
      triangle(bottom, first + i, first + next);
      triangle(top, last + next, last + i);
    }
  }

  mesh finish() {
    made_.normals.assign(made_.positions.size(), point{0, 0, 0});
    for (std::size_t i = 0; i + 2 < made_.indices.size(); i += 3) add_normal(i);
    for (auto& one : made_.normals) {
      const float length = std::sqrt(one[0] * one[0] + one[1] * one[1] + one[2] * one[2]);
      if (length > 0) {
        for (auto& part : one) part /= length;
      } else {
        one = {0, 1, 0};
      }
    }
    return std::move(made_);
  }

 private:
  std::uint32_t add(double x, double y, double z) {
    made_.positions.push_back({static_cast<float>(x), static_cast<float>(y), static_cast<float>(z)});
    return static_cast<std::uint32_t>(made_.positions.size() - 1);
  }
  void triangle(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    made_.indices.insert(made_.indices.end(), {a, b, c});
  }
  void quad(std::uint32_t low, std::uint32_t i) {
    const auto next = (i + 1) % static_cast<std::uint32_t>(around);
    const auto high = low + static_cast<std::uint32_t>(around);
    triangle(low + i, high + i, low + next);
    triangle(low + next, high + i, high + next);
  }
  /// Larger triangles count more.
  void add_normal(std::size_t at) {
    const auto& a = made_.positions[made_.indices[at]];
    const auto& b = made_.positions[made_.indices[at + 1]];
    const auto& c = made_.positions[made_.indices[at + 2]];
    const point u{b[0] - a[0], b[1] - a[1], b[2] - a[2]};
    const point v{c[0] - a[0], c[1] - a[1], c[2] - a[2]};
    const point normal{u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]};
    for (std::size_t i = 0; i < 3; ++i) {
      auto& into = made_.normals[made_.indices[at + i]];
      for (std::size_t part = 0; part < 3; ++part) into[part] += normal[part];
    }
  }

  mesh made_;
};

struct reference_body {
  double height_cm;
  double weight_kg;
  measures girths;
};

constexpr reference_body reference_male{175.6, 85.5, {175.6, 105.9, 94.1, 102.2, 62.5, 35.8}};
constexpr reference_body reference_female{162.8, 67.8, {162.8, 94.7, 86.1, 102.1, 61.6, 30.6}};

measures scaled(const reference_body& from, const known_facts& to) {
  const double girth = std::sqrt((to.weight_kg / to.height_cm) / (from.weight_kg / from.height_cm));
  return {to.height_cm,
          from.girths.chest_cm * girth,
          from.girths.waist_cm * girth,
          from.girths.hips_cm * girth,
          from.girths.thighs_cm * girth,
          from.girths.arms_cm * girth};
}

double middle(double a, double b) { return (a + b) / 2; }

double metres(double girth_cm) { return std::clamp(girth_cm, 10.0, 300.0) / 100; }

void add_limbs(builder& into, const measures& of, double height, const ring& hips, const ring& shoulders) {
  const double thigh = metres(of.thighs_cm);
  const double arm = metres(of.arms_cm);
  for (const double side : {-1.0, 1.0}) {
    const double leg_x = side * hips.half_width * 0.5;
    const std::array<ring, 6> leg{
        ring_of(0, leg_x, thigh * 0.42, 1.4),           ring_of(height * 0.04, leg_x, thigh * 0.4, 1),
        ring_of(height * 0.18, leg_x, thigh * 0.62, 1), ring_of(height * 0.27, leg_x, thigh * 0.64, 1),
        ring_of(height * 0.42, leg_x, thigh, 1),        ring_of(height * 0.5, leg_x, thigh * 0.98, 1)};
    into.loft(leg);
    const double arm_x = side * (shoulders.half_width + arm * 0.12);
    const std::array<ring, 5> arms{ring_of(height * 0.38, arm_x, arm * 0.45, 0.5),
                                   ring_of(height * 0.46, arm_x, arm * 0.55, 0.9),
                                   ring_of(height * 0.63, arm_x, arm * 0.85, 1), ring_of(height * 0.74, arm_x, arm, 1),
                                   ring_of(height * 0.81, arm_x * 0.96, arm * 0.8, 1)};
    into.loft(arms);
  }
}

}  // namespace

measures estimate(const known_facts& of) {
  switch (of.build) {
    case body_build::male: return scaled(reference_male, of);
    case body_build::female: return scaled(reference_female, of);
    case body_build::between: break;
  }
  const auto a = scaled(reference_male, of);
  const auto b = scaled(reference_female, of);
  return {of.height_cm,
          middle(a.chest_cm, b.chest_cm),
          middle(a.waist_cm, b.waist_cm),
          middle(a.hips_cm, b.hips_cm),
          middle(a.thighs_cm, b.thighs_cm),
          middle(a.arms_cm, b.arms_cm)};
}

mesh make(const measures& of) {
  const double height = std::clamp(of.height_cm, 50.0, 300.0) / 100;
  const double chest = metres(of.chest_cm);
  const auto hips = ring_of(height * 0.5, 0, metres(of.hips_cm), 0.7);
  const auto shoulders = ring_of(height * 0.8, 0, chest * 1.02, 0.5);
  const double neck = chest * 0.38;
  const double head = height * 0.33;
  builder into;
  const std::array<ring, 8> trunk{ring_of(height * 0.46, 0, metres(of.hips_cm) * 0.9, 0.75),
                                  hips,
                                  ring_of(height * 0.6, 0, metres(of.waist_cm), 0.75),
                                  ring_of(height * 0.72, 0, chest, 0.7),
                                  shoulders,
                                  ring_of(height * 0.83, 0, neck * 1.4, 0.8),
                                  ring_of(height * 0.85, 0, neck, 1),
                                  ring_of(height * 0.88, 0, neck, 1)};
  into.loft(trunk);
  const std::array<ring, 6> skull{
      ring_of(height * 0.865, 0, head * 0.5, 1.1), ring_of(height * 0.89, 0, head * 0.85, 1.15),
      ring_of(height * 0.93, 0, head, 1.2),        ring_of(height * 0.965, 0, head * 0.95, 1.2),
      ring_of(height * 0.99, 0, head * 0.6, 1.2),  ring_of(height, 0, head * 0.15, 1.2)};
  into.loft(skull);
  add_limbs(into, of, height, hips, shoulders);
  return into.finish();
}

}  // namespace nxg::figure
