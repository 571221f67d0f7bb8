#include "socketio/websocket_deflate.hpp"

#include "socketio/websocket_frame.hpp"

#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <new>
#include <set>
#include <utility>

namespace nxg::socketio::websocket {

namespace {

constexpr int window_bits = 15;
/// What a sync flush ends with; it is left out on the wire.
constexpr std::string_view flush_tail{"\0\0\xff\xff", 4};
constexpr std::size_t first_piece = 4096;

std::string_view trimmed(std::string_view text) noexcept {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string_view take(std::string_view& list, char separator) noexcept {
  const auto end = std::min(list.find(separator), list.size());
  const auto part = trimmed(list.substr(0, end));
  list.remove_prefix(std::min(end + 1, list.size()));
  return part;
}

/// 8 to 15, quoted or not; 0 for anything else.
int window_of(std::string_view value) noexcept {
  if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"')) value = value.substr(1, value.size() - 2);
  int bits = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), bits);
  const bool well = error == std::errc{} && end == value.data() + value.size() && !value.starts_with('0');
  return well && bits >= 8 && bits <= window_bits ? bits : 0;
}

bool is_acceptable(std::string_view offer) {
  if (!same_text(take(offer, ';'), "permessage-deflate")) return false;
  std::set<std::string_view> seen;
  while (!offer.empty()) {
    auto value = take(offer, ';');
    const bool has_value = value.find('=') != std::string_view::npos;
    const auto name = take(value, '=');
    if (!seen.insert(name).second) return false;
    if (name == "server_no_context_takeover" || name == "client_no_context_takeover") {
      if (has_value) return false;
    } else if (name == "client_max_window_bits") {
      if (has_value && window_of(value) == 0) return false;
    } else if (name != "server_max_window_bits" || window_of(value) != window_bits) {
      return false;  // a smaller window would need a compressor of its own
    }
  }
  return true;
}

Bytef* bytes_of(std::string_view text) noexcept { return reinterpret_cast<Bytef*>(const_cast<char*>(text.data())); }

}  // namespace

bool offers_deflate(const header_list& headers) {
  for (const auto& [name, value] : headers) {
    if (!same_text(name, "sec-websocket-extensions")) continue;
    for (std::string_view rest = value; !rest.empty();) {
      if (is_acceptable(take(rest, ','))) return true;
    }
  }
  return false;
}

struct message_compressor::streams {
  streams() = default;
  streams(const streams&) = delete;
  streams& operator=(const streams&) = delete;
  ~streams() {
    if (out_ready) deflateEnd(&out);
    if (in_ready) inflateEnd(&in);
  }
  z_stream& outgoing(const deflate_options& with) {
    if (out_ready) {
      deflateReset(&out);
    } else {
      if (deflateInit2(&out, with.level, Z_DEFLATED, -window_bits, with.memory_level, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::bad_alloc{};
      out_ready = true;
    }
    return out;
  }
  z_stream& incoming() {
    if (in_ready) {
      inflateReset(&in);
    } else {
      if (inflateInit2(&in, -window_bits) != Z_OK) throw std::bad_alloc{};
      in_ready = true;
    }
    return in;
  }
  z_stream out{};
  z_stream in{};
  bool out_ready = false;
  bool in_ready = false;
};

message_compressor::message_compressor(const deflate_options& options)
    : options_{options}, streams_{std::make_unique<streams>()} {}
message_compressor::~message_compressor() = default;

bool message_compressor::deflate(std::string_view message, std::string& out) {
  auto& stream = streams_->outgoing(options_);
  out.resize(deflateBound(&stream, static_cast<uLong>(message.size())) + flush_tail.size() + 2);
  stream.next_in = bytes_of(message);
  stream.avail_in = static_cast<uInt>(message.size());
  stream.next_out = bytes_of(out);
  stream.avail_out = static_cast<uInt>(out.size());
  if (::deflate(&stream, Z_SYNC_FLUSH) != Z_OK || stream.avail_out == 0) return false;
  out.resize(stream.total_out);
  if (!out.ends_with(flush_tail)) return false;
  out.resize(out.size() - flush_tail.size());
  return out.size() < message.size();
}

shared_frames message_compressor::compress(const shared_frames& frames) {
  if (frames->size() < options_.threshold) return frames;
  if (last_.lock() == frames) return last_compressed_;
  std::string result;
  std::string small;
  for (std::string_view rest = *frames; !rest.empty();) {
    const auto [code, message] = take_ready_frame(rest);
    const bool is_data = code == opcode::text || code == opcode::binary;
    if (is_data && message.size() >= options_.threshold && deflate(message, small)) {
      append_compressed_frame(result, code, small);
    } else {
      append_frame(result, code, message);
    }
  }
  last_ = frames;
  last_compressed_ = std::make_shared<const std::string>(std::move(result));
  return last_compressed_;
}

message_compressor::outcome message_compressor::decompress(std::string_view message, std::size_t limit,
                                                           std::string& out) {
  auto& stream = streams_->incoming();
  out.clear();
  std::size_t written = 0;
  for (const auto part : {message, flush_tail}) {
    stream.next_in = bytes_of(part);
    stream.avail_in = static_cast<uInt>(part.size());
    do {
      // One byte more than allowed shows that it is too big.
      if (out.size() == written) out.resize(std::min(std::max(first_piece, out.size() * 2), limit + 1));
      stream.next_out = bytes_of(out) + written;
      stream.avail_out = static_cast<uInt>(out.size() - written);
      const int result = ::inflate(&stream, Z_SYNC_FLUSH);
      written = stream.total_out;
      if (written > limit) return outcome::too_big;
      // A client may end its last block as the last of all; nothing may follow it.
      if (result == Z_STREAM_END) {
        if (stream.avail_in > 0 && part.data() != flush_tail.data()) return outcome::broken;
        out.resize(written);
        return outcome::complete;
      }
      if (result == Z_BUF_ERROR) break;
      if (result != Z_OK) return outcome::broken;
    } while (stream.avail_in > 0 || stream.avail_out == 0);
  }
  out.resize(written);
  return outcome::complete;
}

}  // namespace nxg::socketio::websocket
