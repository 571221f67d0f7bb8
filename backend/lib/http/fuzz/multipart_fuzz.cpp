// Bodies of forms: taken apart as a whole and octet by octet, which must come to the same, within the limits.
#include "http/multipart_parser.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace nxg::http;
using event = multipart_parser::event;

void require(bool holds) {
  if (!holds) std::abort();
}

struct seen_part {
  std::string name;
  bool is_file = false;
  std::string content;
  bool ended = false;
  bool operator==(const seen_part&) const = default;
};

struct seen {
  std::vector<seen_part> parts;
  bool malformed = false;
  bool complete = false;
  bool operator==(const seen&) const = default;
};

seen read(std::string_view body, std::size_t step) {
  constexpr multipart_limits limits{.max_parts = 8, .max_head_bytes = 256, .max_margin_bytes = 64};
  multipart_parser parser{"b0undary", limits};
  seen result;
  while (!body.empty() && !result.malformed) {
    auto piece = body.substr(0, step);
    body.remove_prefix(piece.size());
    while (!piece.empty() && !result.malformed) {
      const auto found = parser.take(piece);
      require(parser.consumed() <= piece.size());
      switch (found) {
        case event::need_more: require(parser.consumed() == piece.size()); break;
        case event::part_begins:
          result.parts.push_back({parser.part().name, parser.part().file_name.has_value(), {}, false});
          require(!parser.part().name.empty() && result.parts.size() <= limits.max_parts);
          break;
        case event::data:
          require(!parser.data().empty());
          result.parts.back().content.append(parser.data());
          break;
        case event::part_ends: result.parts.back().ended = true; break;
        case event::malformed:
          require(!parser.error().empty());
          result.malformed = true;
          break;
      }
      piece.remove_prefix(parser.consumed());
    }
  }
  result.complete = parser.end();
  require(!(result.complete && result.malformed));
  if (!result.parts.empty() && result.malformed && !result.parts.back().ended) result.parts.pop_back();
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto whole = read(text, text.size() + 1);
  require(read(text, 1) == whole);
  require(read(text, 7) == whole);
  static_cast<void>(multipart_boundary(text));
  return 0;
}
