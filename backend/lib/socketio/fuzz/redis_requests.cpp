// What processes ask and answer one another: anybody may publish anything; what is taken can be written again.
#include "socketio/redis_request.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace nxg::socketio;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  if (const auto one = decode_redis_request(bytes)) {
    const auto to = one->to.value_or(selection{});
    const auto content = one->event.to_payload();
    (void)encode_redis_ask(one->sender, one->id, "/", one->event.name(), content, to, std::chrono::milliseconds{1});
    const auto again = decode_redis_request(
        encode_redis_request(redis_request_type::remote_join, one->sender, one->id, to, one->rooms));
    if (!again || again->to->rooms != to.rooms || again->rooms != one->rooms) std::abort();
  }
  if (const auto one = decode_redis_response(bytes)) {
    const auto again = decode_redis_response(encode_redis_sockets(one->id, one->sockets));
    if (!again || again->sockets.size() != one->sockets.size()) std::abort();
    if (one->answer) (void)encode_redis_client_answer(one->id, *one->answer);
  }
  return 0;
}
