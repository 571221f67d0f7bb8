#include "made_pictures.hpp"
#include "pictures/make_small.hpp"
#include "pictures/sniff.hpp"
#include "pictures/workshop.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <thread>
#include <vector>

namespace nxg::pictures {
namespace {

using namespace std::chrono_literals;
using made::kind;

picture reduced(const std::string& bytes, const picture_rules& rules = {}) {
  return make_small(bytes, rules, [] { return false; });
}

std::string refusal_of(const std::string& bytes, const picture_rules& rules = {}) {
  try {
    static_cast<void>(reduced(bytes, rules));
  } catch (const refused& why) {
    return std::string{to_string(why.why())};
  }
  return "taken";
}

TEST(pictures, what_fits_comes_out_as_a_jpeg_of_the_same_size) {
  for (const auto type : {kind::jpeg, kind::png, kind::webp}) {
    const auto small = reduced(made::of(type));
    EXPECT_EQ(sniff(small.jpeg), picture_type::jpeg);
    EXPECT_EQ(small.width, 640);
    EXPECT_EQ(small.height, 480);
  }
}

TEST(pictures, what_is_larger_is_made_to_fit) {
  for (const auto type : {kind::jpeg, kind::png, kind::webp}) {
    const auto small = reduced(made::of(type, {.width = 2000, .height = 1500}));
    EXPECT_EQ(small.width, 1024);
    EXPECT_EQ(small.height, 768);
    EXPECT_LE(small.jpeg.size(), 1u << 20);
  }
}

TEST(pictures, what_a_camera_noted_is_followed_and_forgotten) {
  const made::look held{.width = 1600, .height = 1200, .orientation = 6, .with_place = true};
  const auto taken = made::of(kind::jpeg, held);
  ASSERT_TRUE(made::has_metadata(taken));
  const auto small = reduced(taken);
  EXPECT_EQ(small.width, 768);
  EXPECT_EQ(small.height, 1024);
  EXPECT_FALSE(made::has_metadata(small.jpeg));
  EXPECT_EQ(small.jpeg.find("Telephone"), std::string::npos);
}

TEST(pictures, quality_goes_down_until_the_bytes_fit) {
  const auto bytes = made::noise(1200, 1200);
  const auto large = reduced(bytes, {.fit_bytes = 100u << 20});
  const auto bound = large.jpeg.size() / 3;
  const auto small = reduced(bytes, {.fit_bytes = bound});
  EXPECT_LE(small.jpeg.size(), bound);
  EXPECT_EQ(small.width, 1024);
  // There is an end to it.
  EXPECT_LT(reduced(bytes, {.fit_bytes = 1}).jpeg.size(), bound);
}

TEST(pictures, transparency_becomes_white_and_deep_colours_become_shallow) {
  const auto clear = reduced(made::of(kind::png, {.transparent = true}));
  EXPECT_EQ(made::colour_at(clear.jpeg, 0.5, 0.5), 0xFFFFFFu);
  const auto deep = reduced(made::of(kind::png, {.sixteen_bits = true}));
  const auto flat = reduced(made::of(kind::png));
  EXPECT_TRUE(look_alike(deep.looks, flat.looks));
}

TEST(pictures, other_things_are_refused_by_their_content) {
  EXPECT_EQ(refusal_of(""), "empty");
  EXPECT_EQ(refusal_of(made::of(kind::gif)), "unsupported");
  EXPECT_EQ(refusal_of("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), "unsupported");
  EXPECT_EQ(refusal_of("%PDF-1.7"), "unsupported");
  EXPECT_EQ(refusal_of("\xFF\xD8\xFF<script>alert(1)</script>"), "damaged");
  EXPECT_EQ(refusal_of("RIFF1234WEBPVP8 nonsense"), "damaged");
}

TEST(pictures, what_is_cut_off_is_refused) {
  for (const auto type : {kind::jpeg, kind::png, kind::webp}) {
    const auto whole = made::of(type, {.width = 1500, .height = 1100});
    for (const double share : {0.02, 0.5, 0.9}) {
      const auto length = static_cast<std::size_t>(static_cast<double>(whole.size()) * share);
      EXPECT_EQ(refusal_of(whole.substr(0, length)), "damaged") << static_cast<int>(type) << " at " << share;
    }
  }
}

TEST(pictures, bombs_are_refused_before_they_unfold) {
  EXPECT_EQ(refusal_of(made::png_claiming(16'000, 16'000)), "too_many_pixels");
  EXPECT_EQ(refusal_of(made::png_claiming(60'000, 20)), "too_many_pixels");
  EXPECT_EQ(refusal_of(made::png_claiming(2'000'000'000, 2'000'000'000)), "damaged");
  EXPECT_EQ(refusal_of(made::jpeg_of_scans(65)), "too_slow");
  EXPECT_EQ(refusal_of(std::string(11u << 20, 'x')), "too_large");
}

TEST(pictures, sizes_just_allowed_are_taken) {
  EXPECT_EQ(refusal_of(made::of(kind::png, {.width = 16, .height = 16})), "taken");
  EXPECT_EQ(refusal_of(made::of(kind::png, {.width = 15, .height = 16})), "too_small");
  EXPECT_EQ(refusal_of(made::of(kind::png, {.width = 100, .height = 100}), {.max_pixels = 10'000}), "taken");
  EXPECT_EQ(refusal_of(made::of(kind::png, {.width = 101, .height = 100}), {.max_pixels = 10'000}), "too_many_pixels");
}

TEST(pictures, what_moves_is_refused) {
  EXPECT_EQ(refusal_of(made::animated_webp()), "animated");
  EXPECT_EQ(refusal_of(made::animated_png()), "animated");
}

TEST(pictures, what_a_telephone_appends_does_not_matter) {
  EXPECT_EQ(refusal_of(made::of(kind::jpeg) + made::jpeg_of_scans(200)), "taken");
}

TEST(pictures, copies_of_one_picture_look_alike_and_others_do_not) {
  const auto original = made::of(kind::jpeg, {.width = 1500, .height = 1000, .quality = 95});
  const auto looks = reduced(original).looks;
  EXPECT_TRUE(look_alike(looks, reduced(made::of(kind::jpeg, {.width = 1500, .height = 1000, .quality = 40})).looks));
  EXPECT_TRUE(look_alike(looks, reduced(made::of(kind::webp, {.width = 900, .height = 600, .quality = 70})).looks));
  EXPECT_TRUE(look_alike(looks, reduced(reduced(original).jpeg).looks));
  for (const int seed : {2, 3, 4, 5, 6}) {
    EXPECT_FALSE(look_alike(looks, reduced(made::of(kind::jpeg, {.width = 1500, .height = 1000, .seed = seed})).looks));
  }
}

TEST(pictures, a_perceptual_hash_can_be_written_and_read) {
  const auto looks = reduced(made::of(kind::jpeg)).looks;
  EXPECT_EQ(perceptual_hash::parse(looks.to_string()), looks);
  EXPECT_FALSE(perceptual_hash::parse(""));
  EXPECT_FALSE(perceptual_hash::parse(std::string(38, 'g')));
}

TEST(pictures, reading_ends_when_it_is_too_late) {
  const auto bytes = made::of(kind::png, {.width = 1500, .height = 1500});
  int asked = 0;
  try {
    static_cast<void>(make_small(bytes, {}, [&] { return ++asked > 3; }));
    FAIL() << "it should have given up";
  } catch (const refused& why) {
    EXPECT_EQ(why.why(), refusal::too_slow);
  }
  EXPECT_EQ(refusal_of(bytes), "taken");
}

TEST(pictures, many_threads_at_once_give_what_one_gives) {
  const auto bytes = made::of(kind::png, {.width = 64, .height = 48});
  const auto alone = reduced(bytes);
  std::atomic<int> same{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 6; ++i) {
      threads.emplace_back([&] {
        for (int times = 0; times < 50; ++times) {
          const auto made = reduced(bytes);
          if (made.jpeg == alone.jpeg && made.looks == alone.looks) ++same;
        }
      });
    }
  }
  EXPECT_EQ(same, 300);
}

TEST(pictures, a_full_workshop_refuses_at_once) {
  runtime::clock time;
  workshop shop{time, 1, 1};
  boost::asio::io_context io;
  const auto bytes = made::of(kind::png, {.width = 1200, .height = 1200});
  std::vector<std::future<picture>> ends;
  for (int i = 0; i < 5; ++i) {
    ends.push_back(boost::asio::co_spawn(io, shop.make_small(bytes, time.steady() + 60s), boost::asio::use_future));
  }
  io.run();
  int made = 0;
  int refused_at_once = 0;
  for (auto& end : ends) {
    try {
      made += end.get().jpeg.empty() ? 0 : 1;
    } catch (const runtime::pool_exhausted&) {
      ++refused_at_once;
    }
  }
  EXPECT_EQ(made, 2);
  EXPECT_EQ(refused_at_once, 3);
}

}  // namespace
}  // namespace nxg::pictures
