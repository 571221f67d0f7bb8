// The octets of a connection: heads and bodies as the server takes them apart, whole and in two pieces.
#include "http/chunked_body.hpp"
#include "http/head_parser.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace nxg::http;

void require(bool holds) {
  if (!holds) std::abort();
}

/// The fields lie inside the block, and nothing in them could split a message.
void check_fields(const header_fields& headers) {
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const auto [name, value] = headers[i];
    require(!name.empty() && name.find_first_of(" \t\r\n:") == std::string_view::npos);
    require(value.find_first_of(std::string_view{"\r\n\0", 3}) == std::string_view::npos);
    require(headers.find(name).has_value());
  }
}

void take_body(std::string_view rest) {
  constexpr std::size_t limit = 4096;
  std::string whole;
  chunked_body at_once{limit};
  const auto outcome = at_once.take(rest, whole);
  require(whole.size() <= limit);

  std::string pieces;
  chunked_body octet_wise{limit};
  auto last = chunked_body::outcome::incomplete;
  for (std::size_t at = 0; at < rest.size() && last == chunked_body::outcome::incomplete; ++at) {
    last = octet_wise.take(rest.substr(at, 1), pieces);
  }
  require(last == outcome && pieces == whole);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  constexpr head_limits limits{2048, 20};

  request at_once;
  head_parser whole{limits};
  const auto outcome = whole.parse(text, at_once);

  request in_two;
  head_parser pieces{limits};
  auto second = pieces.parse(text.substr(0, size / 2), in_two);
  if (second == head_parser::outcome::incomplete) second = pieces.parse(text, in_two);

  if (outcome != head_parser::outcome::complete) return 0;
  require(second == head_parser::outcome::complete && pieces.size() == whole.size() && in_two.target == at_once.target);
  require(!(whole.frame().chunked && whole.frame().content_length > 0));
  check_fields(at_once.headers);
  try {
    static_cast<void>(at_once.query_parameters());
  } catch (const problem&) {
  }
  if (whole.frame().chunked) take_body(text.substr(whole.size()));
  return 0;
}
