// Broadcasts of other processes: what is taken can be written and is then taken again as the same.
#include "socketio/packet.hpp"
#include "socketio/redis_message.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace nxg::socketio;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto taken = decode_redis_message({reinterpret_cast<const char*>(data), size});
  if (!taken) return 0;
  const auto written =
      encode_redis_message(taken->sender, taken->namespace_name, taken->event, taken->content, taken->to, taken->how);
  // Texts of the sender may look like attachments that do not exist; those are not sent on.
  if (!written) return 0;
  const auto again = decode_redis_message(*written);
  if (!again) std::abort();
  const bool same = again->sender == taken->sender && again->namespace_name == taken->namespace_name &&
                    again->event == taken->event && again->to.rooms == taken->to.rooms &&
                    again->to.except == taken->to.except && again->how.coalesce == taken->how.coalesce;
  if (!same) std::abort();
  return 0;
}
