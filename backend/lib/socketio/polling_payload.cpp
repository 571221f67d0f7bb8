#include "socketio/polling_payload.hpp"

#include "socketio/websocket_frame.hpp"
#include "socketio/websocket_handshake.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace nxg::socketio {

namespace {

constexpr std::uint8_t no_digit = 0xff;

constexpr std::array<std::uint8_t, 256> make_digits() {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<std::uint8_t, 256> digits{};
  digits.fill(no_digit);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    digits[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
  return digits;
}

constexpr auto digits = make_digits();

void separate(std::string& payload) {
  if (!payload.empty()) payload += packet_separator;
}

}  // namespace

void append_polling_packet(std::string& payload, std::string_view packet) {
  separate(payload);
  payload += packet;
}

void append_polling_packets(std::string& payload, std::string_view frames) {
  while (!frames.empty()) {
    const auto [code, message] = websocket::take_ready_frame(frames);
    separate(payload);
    if (code == websocket::opcode::binary) {
      payload += 'b';
      payload += websocket::base64(message);
    } else {
      payload += message;
    }
  }
}

std::string_view take_polling_packet(std::string_view payload, std::size_t& at) noexcept {
  const auto begin = std::exchange(at, std::min(payload.find(packet_separator, at), payload.size()));
  return payload.substr(begin, at++ - begin);
}

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % 4 == 0) {
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  }
  if (text.size() % 4 == 1) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t group = 0;
  int bits = 0;
  for (const char c : text) {
    const auto digit = digits[static_cast<unsigned char>(c)];
    if (digit == no_digit) return std::nullopt;
    group = group << 6 | digit;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(group >> bits & 0xff);
  }
  return bytes;
}

}  // namespace nxg::socketio
