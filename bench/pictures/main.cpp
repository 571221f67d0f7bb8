// How long a picture takes to become a small one: nxg-pictures FILE [TIMES] prints one JSON line.
#include "pictures/make_small.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

int main(int argc, char** argv) {
  using clock = std::chrono::steady_clock;
  if (argc < 2) {
    std::fprintf(stderr, "usage: pictures_bench FILE [TIMES]\n");
    return 2;
  }
  std::ifstream in{argv[1], std::ios::binary};
  const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
  const int times = argc > 2 ? std::atoi(argv[2]) : 20;
  std::vector<double> took;
  nxg::pictures::picture made;
  for (int i = 0; i < times; ++i) {
    const auto begun = clock::now();
    made = nxg::pictures::make_small(bytes, {}, [] { return false; });
    took.push_back(std::chrono::duration<double, std::milli>{clock::now() - begun}.count());
  }
  std::ranges::sort(took);
  std::printf("{\"medianMs\":%.2f,\"bestMs\":%.2f,\"bytes\":%zu,\"width\":%d,\"height\":%d}\n",
              took.at(took.size() / 2), took.front(), made.jpeg.size(), made.width, made.height);
  return 0;
}
