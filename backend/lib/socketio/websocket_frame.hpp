#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// The WebSocket protocol (RFC 6455) without I/O: bytes in, messages out, and the other way round.
namespace nxg::socketio::websocket {

/// Which end we are. Clients mask what they send, servers do not; each refuses the opposite.
enum class role : std::uint8_t { server, client };

enum class opcode : std::uint8_t { continuation = 0x0, text = 0x1, binary = 0x2, close = 0x8, ping = 0x9, pong = 0xa };

/// Close codes of RFC 6455, section 7.4.1, as far as we use them.
namespace close_code {
inline constexpr std::uint16_t normal = 1000;
inline constexpr std::uint16_t going_away = 1001;
inline constexpr std::uint16_t protocol_error = 1002;
inline constexpr std::uint16_t none = 1005;  ///< never on the wire: a close frame without a code
inline constexpr std::uint16_t invalid_text = 1007;
inline constexpr std::uint16_t policy = 1008;
inline constexpr std::uint16_t too_big = 1009;
inline constexpr std::uint16_t internal_error = 1011;
}  // namespace close_code

/// Checks text that comes in pieces. Surrogates, overlong forms and code points above U+10FFFF are no UTF-8.
class utf8_checker {
 public:
  /// False as soon as the text so far can be no beginning of UTF-8.
  [[nodiscard]] bool feed(std::string_view piece) noexcept;
  /// Whether it may end here.
  [[nodiscard]] bool complete() const noexcept { return missing_ == 0; }

 private:
  unsigned char missing_ = 0;  // continuation bytes still to come
  unsigned char low_ = 0x80;   // bounds of the next one
  unsigned char high_ = 0xbf;
};

/// Takes a stream of bytes apart. Bytes are unmasked in place; a message that lies whole within one piece is not
/// copied.
///
///     reader.feed(piece);
///     while (auto event = reader.next()) …   // views are good until the next call of next() or feed()
///
/// After `failed` nothing more comes. Between messages it holds no memory of its own.
class frame_reader {
 public:
  enum class kind : std::uint8_t { text, binary, ping, pong, close, failed };
  struct event {
    kind what;
    std::string_view data;    ///< message; ping and pong payload; the reason of a close; what failed, in English
    std::uint16_t code = 0;   ///< close: its code (1005 when it had none); failed: the code to close with
    bool compressed = false;  ///< `data` is compressed still, and was not checked to be UTF-8
  };

  frame_reader(role us, std::size_t max_message) noexcept : max_message_{max_message}, us_{us} {}

  /// Messages may be compressed from now on (permessage-deflate).
  void allow_compression() noexcept { may_be_compressed_ = true; }
  /// The piece must stay where it is until `next` returned nothing or `keep_rest` was called.
  void feed(std::span<char> piece);
  [[nodiscard]] std::optional<event> next();
  /// Copies what was not yet read of the piece, so that its memory may be used for something else.
  void keep_rest();
  /// Whether bytes wait that `next` has not seen.
  [[nodiscard]] bool has_input() const noexcept { return !input_.empty(); }

 private:
  using mask_key = std::array<unsigned char, 4>;
  static constexpr std::size_t max_header = 14;

  void drop_delivered() noexcept;
  /// Each returns what came to an end, if anything did.
  [[nodiscard]] std::optional<event> read_header();
  [[nodiscard]] std::optional<event> check_first_bytes();
  [[nodiscard]] std::optional<event> begin_payload();
  [[nodiscard]] std::optional<event> read_payload();
  [[nodiscard]] std::optional<event> read_control(std::string_view piece);
  [[nodiscard]] std::optional<event> read_data(std::string_view piece);
  [[nodiscard]] event finish_close(std::string_view data);
  [[nodiscard]] std::span<char> take_payload() noexcept;
  [[nodiscard]] std::size_t header_length() const noexcept;
  event fail(std::uint16_t code, std::string_view why) noexcept;

  std::span<char> input_;  // not yet read; within the caller's piece or within kept_
  std::string kept_;
  std::string message_;     // the part of a message that has arrived
  std::string control_;     // the part of a control frame that has arrived
  std::uint64_t left_ = 0;  // payload bytes of the current frame still to come
  std::size_t max_message_;
  mask_key mask_ = {};
  utf8_checker utf8_;
  role us_;
  opcode frame_ = opcode::continuation;         // of the current frame
  opcode message_kind_ = opcode::continuation;  // of the message under way; continuation: none
  std::array<unsigned char, max_header> header_ = {};
  unsigned char header_size_ = 0;
  bool in_payload_ = false;
  bool fin_ = false;
  bool delivered_message_ = false;
  bool delivered_control_ = false;
  bool input_is_kept_ = false;
  bool ended_ = false;
  bool may_be_compressed_ = false;
  bool compressed_ = false;  // the message under way
};

/// Appends a server's frame header: final, not masked.
void append_header(std::string& out, opcode code, std::size_t length);
/// Appends a whole server frame.
void append_frame(std::string& out, opcode code, std::string_view payload);
/// The same with the mark of a compressed message.
void append_compressed_frame(std::string& out, opcode code, std::string_view payload);
/// Appends a whole client frame, masked. `mask` must come from a strong random source (RFC 6455, section 10.3).
void append_masked_frame(std::string& out, opcode code, std::string_view payload, std::uint32_t mask);
/// The payload of a close frame; the reason is cut to what a control frame holds.
[[nodiscard]] std::string close_payload(std::uint16_t code, std::string_view reason);

/// Walks over ready server frames: the payload of the first frame, whose bytes are taken off `frames`.
struct ready_frame {
  opcode code;
  std::string_view payload;
};
[[nodiscard]] ready_frame take_ready_frame(std::string_view& frames) noexcept;

}  // namespace nxg::socketio::websocket
