// Frames of clients of a plain door: whatever comes is a frame or none, and what is made of a frame is well-formed.
#include "socketio/json_text.hpp"
#include "socketio/packet.hpp"
#include "socketio/plain_frame.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace nxg::socketio;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto read = plain::read_frame(text, 16);
  if (!read) return 0;
  if (read->event.empty() || read->event.size() > plain::max_event_length) std::abort();
  if (!read->data.empty() && !json_text::is_value(read->data, {})) std::abort();
  if (!json_text::is_object(plain::event_frame(read->event, read->data), {})) std::abort();
  const auto written = plain::event_frame(read->event, read->data);
  const auto again = plain::read_frame(written, 32);
  if (!again || again->event != read->event || again->data != (read->data.empty() ? "null" : read->data)) std::abort();
  if (!read->id.empty() && !json_text::is_object(plain::answer_frame(read->id, read->data), {})) std::abort();
  // What the session behind the door is given.
  packet_decoder decoder;
  const payload content = read->data.empty() ? payload{} : payload{read->data};
  static_cast<void>(decoder.text(encode_event("/machines", read->event, content, 1)));
  return 0;
}
