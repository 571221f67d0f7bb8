#include "figure/figure.hpp"
#include "figure/glb.hpp"
#include "figure/picture.hpp"

#include <gtest/gtest.h>

#include <zlib.h>

#include <cmath>
#include <string>

namespace nxg::figure {
namespace {

TEST(Figure, HasTheHeightAndGirthsItIsMadeOf) {
  const measures of{.height_cm = 180, .chest_cm = 100, .waist_cm = 80, .hips_cm = 98, .thighs_cm = 55, .arms_cm = 32};
  const auto made = make(of);
  float top = 0;
  double waist = 0;
  std::vector<point> ring;
  for (const auto& one : made.positions) {
    top = std::max(top, one[1]);
    if (std::abs(one[1] - 0.6F * 1.8F) < 1e-4F && std::abs(one[0]) < 0.25F) ring.push_back(one);
  }
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const auto& next = ring[(i + 1) % ring.size()];
    waist += std::hypot(next[0] - ring[i][0], next[2] - ring[i][2]);
  }
  EXPECT_NEAR(top, 1.8, 1e-4);
  EXPECT_NEAR(waist, 0.8, 0.01);
}

TEST(Figure, FacesOutwards) {
  const auto made = make({});
  double volume = 0;
  for (std::size_t i = 0; i < made.indices.size(); i += 3) {
    const auto& a = made.positions[made.indices[i]];
    const auto& b = made.positions[made.indices[i + 1]];
    const auto& c = made.positions[made.indices[i + 2]];
    volume +=
        (a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0])) /
        6.0;
  }
  // The volume of a person of 70 kg is about 0.07 cubic metres; trunk and limbs overlap a little.
  EXPECT_GT(volume, 0.05);
  EXPECT_LT(volume, 0.11);
}

TEST(Estimate, GrowsWithWeightAndKeepsTheReference) {
  const auto same = estimate({.height_cm = 175.6, .weight_kg = 85.5, .build = body_build::male});
  EXPECT_NEAR(same.waist_cm, 94.1, 0.01);
  const auto light = estimate({.height_cm = 175.6, .weight_kg = 60, .build = body_build::male});
  EXPECT_LT(light.waist_cm, same.waist_cm);
  const auto between = estimate({.height_cm = 170, .weight_kg = 70, .build = body_build::between});
  EXPECT_GT(between.chest_cm, 80);
}

TEST(Glb, IsWholeAndEveryCutOrChangeOfItsFrameIsNoticed) {
  const auto file = to_glb(make({}));
  EXPECT_EQ(fault_of_glb(file), std::nullopt);
  EXPECT_LT(file.size(), 200'000u);
  for (std::size_t size = 0; size < file.size(); size += 97) EXPECT_TRUE(fault_of_glb(file.substr(0, size))) << size;
  for (std::size_t at = 0; at < 20; ++at) {
    auto changed = file;
    changed[at] = static_cast<char>(changed[at] ^ 0x5a);
    EXPECT_TRUE(fault_of_glb(changed)) << at;
  }
  EXPECT_TRUE(fault_of_glb(file + "more"));
}

TEST(Picture, IsAPngWithSomethingOnIt) {
  const auto png = draw_png(make({}), 128);
  ASSERT_TRUE(png.starts_with("\x89PNG\r\n\x1a\n"));
  EXPECT_EQ(png.substr(12, 4), "IHDR");
  const auto at = png.find("IDAT") + 4;
  const auto size = png.size() - at - 12 - 4;
  std::string rows(128 * (128 * 2 + 1), '\0');
  uLongf got = rows.size();
  ASSERT_EQ(
      uncompress(reinterpret_cast<Bytef*>(rows.data()), &got, reinterpret_cast<const Bytef*>(png.data() + at), size),
      Z_OK);
  EXPECT_EQ(got, rows.size());
  std::size_t drawn = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) drawn += rows[i] == '\xff' ? 1 : 0;
  EXPECT_GT(drawn, 128u * 128 / 20);
}

}  // namespace
}  // namespace nxg::figure
