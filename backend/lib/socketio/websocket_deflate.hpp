#pragma once

#include "socketio/packet.hpp"
#include "socketio/websocket_handshake.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

/// Compression of WebSocket messages (permessage-deflate, RFC 7692), neither end keeping anything from one message to
/// the next: one compressor and one decompressor serve all connections of a core, and no connection holds memory for
/// it.
namespace nxg::socketio::websocket {

struct deflate_options {
  /// Messages of fewer bytes are sent as they are.
  std::size_t threshold = 1024;
  int level = 6;
  /// 1 to 9: memory of the compressor, about 256 KiB a core at 8.
  int memory_level = 8;
};

/// Whether the client offers it on terms that we keep. The answer is `deflate_answer`.
[[nodiscard]] bool offers_deflate(const header_list& headers);
inline constexpr std::string_view deflate_answer =
    "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

/// Used on one core only. What it needs of memory it takes on first use.
class message_compressor {
 public:
  explicit message_compressor(const deflate_options& options);
  ~message_compressor();
  message_compressor(const message_compressor&) = delete;
  message_compressor& operator=(const message_compressor&) = delete;

  /// The same server frames with those compressed that are large enough. Of a text sent to many, one after the other,
  /// this is made once.
  [[nodiscard]] shared_frames compress(const shared_frames& frames);

  enum class outcome : std::uint8_t { complete, too_big, broken };
  /// Appends what a message stands for, at most `limit` bytes.
  outcome decompress(std::string_view message, std::size_t limit, std::string& out);

 private:
  struct streams;
  /// False when it does not get smaller.
  bool deflate(std::string_view message, std::string& out);

  deflate_options options_;
  std::unique_ptr<streams> streams_;
  std::weak_ptr<const std::string> last_;
  shared_frames last_compressed_;
};

}  // namespace nxg::socketio::websocket
