#pragma once

#include "http/message.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace nxg::http {

struct head_limits {
  /// Request line and fields together.
  std::size_t max_bytes = 16 * 1024;
  std::size_t max_fields = 100;
};

/// What a head says about the octets that follow it and about the connection.
struct framing {
  /// Without a body: zero and not chunked.
  std::uint64_t content_length = 0;
  bool chunked = false;
  bool keep_alive = true;
  bool http_1_0 = false;
  bool expects_continue = false;
  bool asks_for_websocket = false;
};

/// Reads the head of an HTTP/1.1 (or 1.0) request, as strictly as RFC 9112 allows: what two implementations could read
/// differently is refused, so that nothing can be smuggled past a proxy. No I/O: give it what has arrived, again with
/// more of it as long as it asks for more.
class head_parser {
 public:
  explicit head_parser(head_limits limits) noexcept : limits_{limits} {}

  enum class outcome : std::uint8_t { incomplete, complete, refused };

  /// `arrived` starts with the request's first octet. Once complete, `into` has method, target, path, query and
  /// headers.
  outcome parse(std::string_view arrived, request& into);

  /// After `complete`: how long the head was, and what it says.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] const framing& frame() const noexcept { return frame_; }
  /// After `refused`. The connection cannot go on after it.
  [[nodiscard]] const problem& error() const noexcept { return *error_; }

  /// For the next request of the connection.
  void reset() noexcept;

 private:
  outcome refuse(protocol_error code, std::string detail);
  bool find_end(std::string_view arrived);
  bool read_request_line(std::string_view line, request& into);
  bool read_target(request& into);
  bool read_fields(std::string_view block, request& into);
  bool read_field(std::string_view line, std::size_t at, request& into);
  bool note_field(std::string_view name, std::string_view value);
  bool note_single(unsigned bit);
  bool note_length(std::string_view value);
  bool check_framing();

  head_limits limits_;
  std::size_t scanned_ = 0;
  std::size_t line_at_ = 0;
  std::size_t size_ = 0;
  framing frame_;
  bool has_length_ = false;
  bool has_encoding_ = false;
  bool closes_ = false;
  bool keeps_ = false;
  bool upgrades_ = false;
  bool websocket_ = false;
  unsigned hosts_ = 0;
  /// Bits of fields that may come once and have come.
  unsigned seen_ = 0;
  std::unique_ptr<problem> error_;
};

}  // namespace nxg::http
