// Polling payloads and compressed messages: whatever comes, memory stays within bounds, and what was taken apart is put
// together again.
#include "socketio/polling_payload.hpp"
#include "socketio/websocket_deflate.hpp"
#include "socketio/websocket_frame.hpp"
#include "socketio/websocket_handshake.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

using namespace nxg::socketio;

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void polling(std::string_view payload) {
  std::string frames;
  std::string again;
  for (std::size_t at = 0; at <= payload.size();) {
    const auto packet = take_polling_packet(payload, at);
    require(packet.find(packet_separator) == std::string_view::npos);
    if (!packet.starts_with('b')) {
      websocket::append_frame(frames, websocket::opcode::text, packet);
      continue;
    }
    const auto bytes = decode_base64(packet.substr(1));
    if (!bytes) continue;
    require(bytes->size() <= packet.size());
    require(decode_base64(websocket::base64(*bytes)) == bytes);
    websocket::append_frame(frames, websocket::opcode::binary, *bytes);
  }
  append_polling_packets(again, frames);
}

void compressed(std::string_view message) {
  static websocket::message_compressor both{{.threshold = 1, .level = 1}};
  using outcome = websocket::message_compressor::outcome;
  std::string whole;
  if (both.decompress(message, 10'000, whole) == outcome::complete) require(whole.size() <= 10'000);
  require(whole.size() <= 20'002);
  std::string frame;
  websocket::append_frame(frame, websocket::opcode::binary, message);
  const auto packed = both.compress(std::make_shared<const std::string>(frame));
  if ((static_cast<unsigned char>(packed->front()) & 0x40) == 0) return;
  std::string_view rest = *packed;
  require(both.decompress(websocket::take_ready_frame(rest).payload, message.size(), whole) == outcome::complete);
  require(whole == message);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  polling(text);
  compressed(text);
  (void)websocket::offers_deflate({{"Sec-WebSocket-Extensions", std::string{text}}});
  return 0;
}
