// What strangers may send as a picture: looked over and read, with little room so that inputs are quick.
#include "pictures/make_small.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nxg::pictures;
  picture_rules rules;
  rules.max_bytes = 1u << 16;
  rules.max_pixels = 1u << 18;
  rules.fit_side = 64;
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  try {
    const auto made = make_small(bytes, rules, [] { return false; });
    if (made.width > 64 || made.height > 64 || made.jpeg.empty()) std::abort();
    if (perceptual_hash::parse(made.looks.to_string()) != made.looks) std::abort();
  } catch (const refused&) {
  }
  return 0;
}
