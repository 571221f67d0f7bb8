// Messages of machines: what the quick way reads, the description reads as the same; and whatever comes is either read
// or refused with its faults.
#include "services/telemetry/plain_messages.hpp"
#include "schema/problems.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace {

using namespace nxg;
using namespace nxg::samples;

constexpr std::int64_t offset = -1'500;

void require(bool holds) {
  if (!holds) std::abort();
}

/// By its description; nothing where that refuses it.
template <class Parse>
std::optional<parsed> described(std::string_view json, Parse parse) {
  try {
    return parse(json, offset);
  } catch (const schema::invalid& error) {
    require(!error.list().empty());
    return std::nullopt;
  }
}

void compare(std::string_view json) {
  const auto single = described(json, parse_described_single);
  const auto batch = described(json, parse_described_batch);
  if (const auto quick = read_plain_single(json, offset)) require(single && *single == *quick);
  if (const auto quick = read_plain_batch(json, offset)) require(batch && *batch == *quick);
  for (const auto* read : {&single, &batch}) {
    if (!*read) continue;
    std::string shown;
    for (const auto& one : (*read)->samples) append_shown(shown, one);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{reinterpret_cast<const char*>(data), size};
  compare(text);
  // The envelope is hard to hit upon; what is in it is where the two ways may differ.
  const std::string start = R"({"epoch":"00112233445566778899aabbccddeeff",)";
  compare(start + R"("sample":{"seq":1,"at":"2026-01-31T10:00:00Z","elapsedSeconds":1)" + text + "}}");
  compare(start + R"("samples":[{"seq":1,"at":"2026-01-31T10:00:00Z","elapsedSeconds":)" + text + "}]}");
  compare(start + R"("samples":[)" + text + "]}");
  return 0;
}
