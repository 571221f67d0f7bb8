// Client frames as they come from the network, cut at arbitrary places: however they are cut, the same comes out.
#include "socketio/websocket_frame.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace nxg::socketio::websocket;

constexpr std::size_t max_message = 4096;

std::string read_in_pieces(std::string_view bytes, role us, std::size_t first, std::size_t size) {
  frame_reader reader{us, max_message};
  std::string seen;
  while (!bytes.empty()) {
    std::string piece{bytes.substr(0, first)};
    bytes.remove_prefix(piece.size());
    first = size;
    reader.feed(piece);
    int events = 0;
    while (const auto event = reader.next()) {
      if (event->data.size() > max_message) std::abort();
      seen += std::to_string(static_cast<int>(event->what)) + ' ' + std::to_string(event->code) + ' ' +
              std::string{event->data} + '\n';
      // Taking the rest over in between must change nothing.
      if (++events % 2 == 0) reader.keep_rest();
    }
    if (reader.has_input()) std::abort();
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto us = (data[0] & 1) != 0 ? role::client : role::server;
  const std::size_t cut = 1 + data[1] % 32;
  const std::string_view bytes{reinterpret_cast<const char*>(data) + 2, size - 2};
  const auto whole = read_in_pieces(bytes, us, bytes.size() + 1, 1);
  if (whole != read_in_pieces(bytes, us, cut, cut)) std::abort();
  if (whole != read_in_pieces(bytes, us, 1, 1)) std::abort();
  return 0;
}
