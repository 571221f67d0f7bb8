#include "socketio/websocket_frame.hpp"

#include <algorithm>
#include <cstring>

namespace nxg::socketio::websocket {

namespace {

constexpr std::size_t max_control_payload = 125;

bool is_control(opcode code) noexcept { return (static_cast<unsigned>(code) & 0x8) != 0; }

bool is_known(opcode code) noexcept {
  switch (code) {
    case opcode::continuation:
    case opcode::text:
    case opcode::binary:
    case opcode::close:
    case opcode::ping:
    case opcode::pong: return true;
  }
  return false;
}

/// RFC 6455, section 7.4, and the codes registered with IANA since.
bool may_be_sent(unsigned code) noexcept {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

/// Applies the mask and leaves it turned so that it fits the byte that follows.
void apply_mask(std::span<char> bytes, std::array<unsigned char, 4>& mask) noexcept {
  std::array<unsigned char, 8> twice;
  std::memcpy(twice.data(), mask.data(), 4);
  std::memcpy(twice.data() + 4, mask.data(), 4);
  std::uint64_t wide = 0;
  std::memcpy(&wide, twice.data(), 8);
  std::size_t at = 0;
  const auto apply = [&bytes, wide](std::size_t to) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + to, 8);
    word ^= wide;
    std::memcpy(bytes.data() + to, &word, 8);
  };
  for (; at + 32 <= bytes.size(); at += 32) {
    for (std::size_t word = 0; word < 32; word += 8) apply(at + word);
  }
  for (; at + 8 <= bytes.size(); at += 8) apply(at);
  for (; at < bytes.size(); ++at) bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ mask[at % 4]);
  std::ranges::rotate(mask, mask.begin() + static_cast<std::ptrdiff_t>(bytes.size() % 4));
}

void free_memory(std::string& text) noexcept { std::string{}.swap(text); }

}  // namespace

bool utf8_checker::feed(std::string_view piece) noexcept {
  constexpr std::uint64_t high_bits = 0x8080808080808080;
  const auto word = [&piece](std::size_t at) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, piece.data() + at, 8);
    return bytes;
  };
  const auto four_words = [&word](std::size_t at) { return word(at) | word(at + 8) | word(at + 16) | word(at + 24); };
  for (std::size_t at = 0; at < piece.size();) {
    if (missing_ == 0) {
      while (at + 32 <= piece.size() && (four_words(at) & high_bits) == 0) at += 32;
      while (at + 8 <= piece.size() && (word(at) & high_bits) == 0) at += 8;
      if (at == piece.size()) break;
    }
    const auto byte = static_cast<unsigned char>(piece[at++]);
    if (missing_ > 0) {
      if (byte < low_ || byte > high_) return false;
      --missing_;
      low_ = 0x80;
      high_ = 0xbf;
    } else if (byte >= 0x80) {
      if (byte < 0xc2 || byte > 0xf4) return false;
      missing_ = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
      // What would be overlong, a surrogate, or beyond U+10FFFF shows in the second byte.
      low_ = byte == 0xe0 ? 0xa0 : byte == 0xf0 ? 0x90 : 0x80;
      high_ = byte == 0xed ? 0x9f : byte == 0xf4 ? 0x8f : 0xbf;
    }
  }
  return true;
}

void frame_reader::feed(std::span<char> piece) {
  if (input_.empty()) {
    input_ = piece;
    input_is_kept_ = false;
    return;
  }
  std::string joined{input_.data(), input_.size()};
  joined.append(piece.data(), piece.size());
  kept_.swap(joined);
  input_ = kept_;
  input_is_kept_ = true;
}

void frame_reader::keep_rest() {
  if (input_is_kept_ || input_.empty()) return;
  kept_.assign(input_.data(), input_.size());
  input_ = kept_;
  input_is_kept_ = true;
}

void frame_reader::drop_delivered() noexcept {
  if (delivered_message_) free_memory(message_);
  if (delivered_control_) free_memory(control_);
  delivered_message_ = delivered_control_ = false;
}

std::optional<frame_reader::event> frame_reader::next() {
  drop_delivered();
  while (!ended_) {
    if (!in_payload_) {
      if (auto failure = read_header()) return failure;
      if (!in_payload_) break;
    }
    if (left_ > 0 && input_.empty()) break;
    if (auto result = read_payload()) return result;
  }
  if (ended_) input_ = {};
  if (input_.empty() && !kept_.empty()) free_memory(kept_);
  return std::nullopt;
}

std::size_t frame_reader::header_length() const noexcept {
  const unsigned length = header_[1] & 0x7f;
  return 2u + (length == 126 ? 2u : length == 127 ? 8u : 0u) + ((header_[1] & 0x80) != 0 ? 4u : 0u);
}

std::optional<frame_reader::event> frame_reader::read_header() {
  const auto take_up_to = [this](std::size_t wanted) {
    while (header_size_ < wanted && !input_.empty()) {
      header_[header_size_++] = static_cast<unsigned char>(input_.front());
      input_ = input_.subspan(1);
    }
    return header_size_ >= wanted;
  };
  const bool begun = header_size_ >= 2;
  if (!take_up_to(2)) return std::nullopt;
  if (!begun) {
    if (auto failure = check_first_bytes()) return failure;
  }
  if (!take_up_to(header_length())) return std::nullopt;
  header_size_ = 0;
  return begin_payload();
}

std::optional<frame_reader::event> frame_reader::check_first_bytes() {
  frame_ = static_cast<opcode>(header_[0] & 0x0f);
  const bool may_be_compressed = may_be_compressed_ && (frame_ == opcode::text || frame_ == opcode::binary);
  if ((header_[0] & (may_be_compressed ? 0x30 : 0x70)) != 0)
    return fail(close_code::protocol_error, "a reserved bit is set");
  fin_ = (header_[0] & 0x80) != 0;
  if (!is_known(frame_)) return fail(close_code::protocol_error, "unknown opcode");
  const bool masked = (header_[1] & 0x80) != 0;
  if (us_ == role::server && !masked) return fail(close_code::protocol_error, "a client's frame is not masked");
  if (us_ == role::client && masked) return fail(close_code::protocol_error, "a server's frame is masked");
  if (is_control(frame_)) {
    if (!fin_) return fail(close_code::protocol_error, "a control frame is fragmented");
    if ((header_[1] & 0x7f) > max_control_payload)
      return fail(close_code::protocol_error, "a control frame is too long");
    return std::nullopt;
  }
  const bool under_way = message_kind_ != opcode::continuation;
  if (frame_ == opcode::continuation && !under_way) return fail(close_code::protocol_error, "nothing to continue");
  if (frame_ != opcode::continuation && under_way)
    return fail(close_code::protocol_error, "a message within a message");
  if (!under_way) {
    message_kind_ = frame_;
    compressed_ = (header_[0] & 0x40) != 0;
    utf8_ = {};
  }
  return std::nullopt;
}

std::optional<frame_reader::event> frame_reader::begin_payload() {
  const unsigned short_length = header_[1] & 0x7f;
  const std::size_t extra = short_length == 126 ? 2 : short_length == 127 ? 8 : 0;
  left_ = extra == 0 ? short_length : 0;
  for (std::size_t i = 0; i < extra; ++i) left_ = left_ << 8 | header_[2 + i];
  const bool minimal = extra == 0 || (extra == 2 ? left_ > max_control_payload : left_ > 0xffff);
  if (!minimal) return fail(close_code::protocol_error, "a length is not in its shortest form");
  if (us_ == role::server) std::copy_n(header_.begin() + 2 + static_cast<std::ptrdiff_t>(extra), 4, mask_.begin());
  if (!is_control(frame_) && left_ > max_message_ - std::min(max_message_, message_.size())) {
    return fail(close_code::too_big, "a message is too big");
  }
  in_payload_ = true;
  return std::nullopt;
}

std::span<char> frame_reader::take_payload() noexcept {
  const auto piece = input_.first(static_cast<std::size_t>(std::min<std::uint64_t>(left_, input_.size())));
  input_ = input_.subspan(piece.size());
  left_ -= piece.size();
  if (us_ == role::server) apply_mask(piece, mask_);
  return piece;
}

std::optional<frame_reader::event> frame_reader::read_payload() {
  const auto piece = take_payload();
  const std::string_view bytes{piece.data(), piece.size()};
  if (left_ == 0) in_payload_ = false;
  return is_control(frame_) ? read_control(bytes) : read_data(bytes);
}

std::optional<frame_reader::event> frame_reader::read_control(std::string_view piece) {
  if (in_payload_ || !control_.empty()) control_ += piece;
  if (in_payload_) return std::nullopt;
  delivered_control_ = true;
  const std::string_view whole = control_.empty() ? piece : std::string_view{control_};
  switch (frame_) {
    case opcode::close: return finish_close(whole);
    case opcode::ping: return event{.what = kind::ping, .data = whole};
    default: return event{.what = kind::pong, .data = whole};
  }
}

frame_reader::event frame_reader::finish_close(std::string_view data) {
  ended_ = true;
  if (data.empty()) return {.what = kind::close, .data = {}, .code = close_code::none};
  if (data.size() == 1) return fail(close_code::protocol_error, "a close frame holds half a code");
  const unsigned code =
      static_cast<unsigned>(static_cast<unsigned char>(data[0])) << 8 | static_cast<unsigned char>(data[1]);
  if (!may_be_sent(code)) return fail(close_code::protocol_error, "a close code that may not be sent");
  utf8_checker reason;
  if (!reason.feed(data.substr(2)) || !reason.complete())
    return fail(close_code::invalid_text, "a close reason is no UTF-8");
  return {.what = kind::close, .data = data.substr(2), .code = static_cast<std::uint16_t>(code)};
}

std::optional<frame_reader::event> frame_reader::read_data(std::string_view piece) {
  const bool last = !in_payload_ && fin_;
  if (message_kind_ == opcode::text && !compressed_ && (!utf8_.feed(piece) || (last && !utf8_.complete()))) {
    return fail(close_code::invalid_text, "a text message is no UTF-8");
  }
  const bool whole = last && message_.empty();
  if (!whole) message_ += piece;
  if (!last) return std::nullopt;
  delivered_message_ = true;
  const auto what = message_kind_ == opcode::text ? kind::text : kind::binary;
  message_kind_ = opcode::continuation;
  return event{.what = what, .data = whole ? piece : std::string_view{message_}, .compressed = compressed_};
}

frame_reader::event frame_reader::fail(std::uint16_t code, std::string_view why) noexcept {
  ended_ = true;
  return {.what = kind::failed, .data = why, .code = code};
}

namespace {
void append_length(std::string& out, std::size_t length, unsigned mask_bit) {
  const auto byte = [&out](std::size_t value) { out += static_cast<char>(value); };
  if (length <= max_control_payload) {
    byte(mask_bit | length);
  } else if (length <= 0xffff) {
    byte(mask_bit | 126);
    byte(length >> 8);
    byte(length & 0xff);
  } else {
    byte(mask_bit | 127);
    for (int shift = 56; shift >= 0; shift -= 8) byte(static_cast<std::uint64_t>(length) >> shift & 0xff);
  }
}
}  // namespace

void append_header(std::string& out, opcode code, std::size_t length) {
  out += static_cast<char>(0x80 | static_cast<unsigned>(code));
  append_length(out, length, 0);
}

void append_frame(std::string& out, opcode code, std::string_view payload) {
  append_header(out, code, payload.size());
  out += payload;
}

void append_compressed_frame(std::string& out, opcode code, std::string_view payload) {
  const auto at = out.size();
  append_frame(out, code, payload);
  out[at] = static_cast<char>(static_cast<unsigned char>(out[at]) | 0x40);
}

void append_masked_frame(std::string& out, opcode code, std::string_view payload, std::uint32_t mask) {
  out += static_cast<char>(0x80 | static_cast<unsigned>(code));
  append_length(out, payload.size(), 0x80);
  std::array<unsigned char, 4> key;
  std::memcpy(key.data(), &mask, 4);
  out.append(reinterpret_cast<const char*>(key.data()), 4);
  const std::size_t begin = out.size();
  out += payload;
  apply_mask(std::span{out}.subspan(begin), key);
}

std::string close_payload(std::uint16_t code, std::string_view reason) {
  std::string result;
  result += static_cast<char>(code >> 8);
  result += static_cast<char>(code & 0xff);
  result += reason.substr(0, max_control_payload - 2);
  return result;
}

ready_frame take_ready_frame(std::string_view& frames) noexcept {
  const auto byte = [&frames](std::size_t at) {
    return static_cast<std::size_t>(static_cast<unsigned char>(frames[at]));
  };
  const auto code = static_cast<opcode>(byte(0) & 0x0f);
  std::size_t length = byte(1);
  std::size_t header = 2;
  if (length >= 126) {
    const std::size_t extra = length == 126 ? 2 : 8;
    length = 0;
    for (std::size_t i = 0; i < extra; ++i) length = length << 8 | byte(2 + i);
    header += extra;
  }
  const ready_frame result{.code = code, .payload = frames.substr(header, length)};
  frames.remove_prefix(header + length);
  return result;
}

}  // namespace nxg::socketio::websocket
