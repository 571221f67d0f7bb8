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

void entry(std::string_view head) {
  const auto taken = decode_redis_message(std::string{head} + redis_numbering_tail("ab:1-2", "1-1"));
  if (taken && taken->numbered) require(taken->numbered->offset == "ab:1-2" && taken->numbered->after == "1-1");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  record(bytes);
  offset(bytes);
  entry(bytes);
  return 0;
}
