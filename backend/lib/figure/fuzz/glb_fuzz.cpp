// Files that say they are GLB.
#include "figure/glb.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static_cast<void>(nxg::figure::fault_of_glb({reinterpret_cast<const char*>(data), size}));
  return 0;
}
