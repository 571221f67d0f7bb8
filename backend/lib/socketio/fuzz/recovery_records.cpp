// What Redis keeps for clients that come back elsewhere, and what those show: entries of the stream, records of
// clients, offsets. What is taken can be written and is then taken again as the same.
#include "socketio/recovery_record.hpp"
#include "socketio/redis_message.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace nxg::socketio;

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void record(std::string_view bytes) {
  const auto taken = decode_recovery_record(bytes, 3);
  if (!taken) return;
  const auto again = decode_recovery_record(encode_recovery_record(taken->epoch, 3, taken->who, taken->data), 3);
  require(again && again->epoch == taken->epoch && again->data == taken->data && again->who.id == taken->who.id &&
          again->who.rooms == taken->who.rooms && again->who.since == taken->who.since &&
          again->who.changes.size() == taken->who.changes.size());
  (void)was_meant({.rooms = {"a"}, .except = {"b"}}, taken->who, taken->who.since);
}

void offset(std::string_view text) {
  const auto taken = parse_shared_offset(text);
  if (!taken) return;
  const auto again = parse_shared_offset(taken->epoch + ':' + taken->id);
  require(again && again->epoch == taken->epoch && again->id == taken->id);
}

void message(std::string_view bytes) {
  const auto taken = decode_redis_message(bytes);
  if (!taken || !taken->numbered) return;
  require(taken->numbered->number > 0 && !taken->numbered->offset.empty() && !taken->numbered->after.empty());
}

/// Whatever an event says, its number is what Redis adds.
void entry(std::string_view bytes) {
  const auto third = bytes.size() / 3;
  const auto sender = bytes.substr(0, third);
  const selection to{{std::string{bytes.substr(third, third)}}, {}};
  const auto event = bytes.substr(2 * third);
  const auto head = encode_numbered_redis_message(sender, "/", event, payload{R"({"number":9})"}, to, 7);
  require(head.has_value());
  const auto taken = decode_redis_message(*head + redis_numbering_tail("ab:1-2", "1-1"));
  // A text that is no UTF-8 is refused; one that is taken keeps its number.
  if (!taken) return;
  require(taken->numbered && taken->numbered->number == 7);
  require(taken->numbered->offset == "ab:1-2" && taken->numbered->after == "1-1");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  record(bytes);
  offset(bytes);
  message(bytes);
  message(std::string{bytes} + redis_numbering_tail("ab:1-2", "1-1"));
  entry(bytes);
  return 0;
}
