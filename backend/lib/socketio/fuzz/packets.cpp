// Engine.IO and Socket.IO packets: what is taken can be encoded and is then taken again as the same.
#include "socketio/engine_packet.hpp"
#include "socketio/packet.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace nxg::socketio;
using status = packet_decoder::status;

constexpr packet_limits limits{.max_attachments = 4, .max_attachment_bytes = 64, .max_depth = 16};

std::string encode(const packet& one) {
  const auto content = one.arguments.to_payload();
  switch (one.type) {
    case packet_type::event:
    case packet_type::binary_event: return encode_event(one.namespace_name, one.arguments.name(), content, one.id);
    case packet_type::ack:
    case packet_type::binary_ack: return encode_ack(one.namespace_name, *one.id, content);
    case packet_type::disconnect: return encode_control(one.type, one.namespace_name);
    case packet_type::connect:
    case packet_type::connect_error: return encode_control(one.type, one.namespace_name, one.data);
  }
  std::abort();
}

void check_again(const packet& one) {
  packet_decoder decoder{limits};
  auto got = decoder.text(encode(one));
  for (const auto& bytes : one.arguments.attachments()) {
    if (got != status::incomplete) std::abort();
    got = decoder.binary(bytes);
  }
  if (got != status::complete) std::abort();
  const auto again = decoder.take();
  const bool same = again.namespace_name == one.namespace_name && again.id == one.id && again.data == one.data &&
                    again.arguments.name() == one.arguments.name() &&
                    again.arguments.to_payload().arguments() == one.arguments.to_payload().arguments() &&
                    again.arguments.attachments() == one.arguments.attachments();
  if (!same) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest{reinterpret_cast<const char*>(data), size};
  if (const auto packet = decode_engine_packet(rest)) (void)decode_open(packet->data);
  packet_decoder decoder{limits};
  // Messages are separated by bytes no JSON holds: 1 before a text, 2 before a binary one.
  while (!rest.empty()) {
    const bool binary = rest.front() == 2;
    if (rest.front() <= 2) rest.remove_prefix(1);
    const auto end = std::min(rest.find_first_of("\1\2"), rest.size());
    const auto message = rest.substr(0, end);
    const auto front = binary || decoder.waits_for_attachments() ? std::nullopt : read_event_front(message);
    const auto got = binary ? decoder.binary(message) : decoder.text(message);
    rest.remove_prefix(end);
    if (got == status::complete) {
      const auto one = decoder.take();
      if (front &&
          (front->namespace_name != one.namespace_name || front->id != one.id || front->name != one.arguments.name()))
        std::abort();
      // A name or an object holding bytes that are no UTF-8 never gets here: the transport refuses it.
      check_again(one);
    }
    if (got == status::malformed && (decoder.error().empty() || decoder.text("1") != status::malformed)) std::abort();
  }
  return 0;
}
