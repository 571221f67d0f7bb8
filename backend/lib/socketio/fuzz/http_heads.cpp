// Heads of HTTP messages and what is looked up in them: a head whose memory is used again is read as a fresh one, and
// parameters are the same whichever way they are asked for.
#include "socketio/handshake.hpp"
#include "socketio/websocket_handshake.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace nxg::socketio;

void require(bool holds) {
  if (!holds) std::abort();
}

void head(std::string_view text) {
  static websocket::http_head again;
  const auto fresh = websocket::parse_head(text);
  const bool is_good = websocket::parse_head(text, again);
  require(is_good == fresh.has_value());
  if (!fresh) return;
  require(fresh->first == again.first && fresh->second == again.second && fresh->third == again.third &&
          fresh->headers == again.headers);
  require(!fresh->first.empty() && !fresh->second.empty());
  (void)websocket::check_request(fresh->first, fresh->headers);
  (void)websocket::check_response(*fresh, "dGhlIHNhbXBsZSBub25jZQ==");
  const header_block kept{fresh->headers};
  for (const auto& [name, value] : fresh->headers) {
    require(value.find_first_of("\r\n") == std::string::npos);
    require(kept.get(name) == websocket::find_header(fresh->headers, name));
  }
}

void query(std::string_view target) {
  const auto found = engine_query_of(target);
  require(found.transport == query_parameter(target, "transport"));
  require(found.sid == query_parameter(target, "sid"));
  require(found.version == query_parameter(target, "EIO"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  head(text);
  head("GET /?" + std::string{text} + " HTTP/1.1\r\nUpgrade: websocket\r\n\r\n");
  query(text);
  query("/?sid=" + std::string{text});
  return 0;
}
