#pragma once

#include "socketio/payload.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// MessagePack, as far as Socket.IO servers speak it to one another. No I/O here.
namespace nxg::socketio::msgpack {

/// Appends values one by one; whoever opens an array or a map writes as many values as it said.
class writer {
 public:
  void array(std::size_t size) { container(size, 0x90, 0xdc); }
  void map(std::size_t size) { container(size, 0x80, 0xde); }
  void text(std::string_view value);
  void bytes(std::string_view value);
  void integer(std::int64_t value);
  void floating(double value);
  void boolean(bool value) { byte(value ? 0xc3 : 0xc2); }
  void nothing() { byte(0xc0); }

  /// An array of a text and the JSON values of `content`, with its attachments as bytes where they belong. False when
  /// they are no JSON.
  bool array_of(std::string_view first, const payload& content);

  /// One JSON value, with attachments as bytes where they belong. False when it is none.
  bool json(std::string_view text, const std::vector<std::string>& attachments);

  [[nodiscard]] const std::string& result() const& noexcept { return out_; }
  [[nodiscard]] std::string result() && noexcept { return std::move(out_); }

 private:
  friend class json_reader;
  void byte(unsigned value) { out_ += static_cast<char>(value); }
  void big_endian(std::uint64_t value, std::size_t size);
  void container(std::size_t size, unsigned small, unsigned large);
  /// A container whose size is known later: `close` fills it in.
  std::size_t open(bool is_map);
  void close(std::size_t at, std::size_t size);

  std::string out_;
};

/// Takes values off the front of a text that anybody may have sent. After something unexpected all further calls fail.
class reader {
 public:
  explicit reader(std::string_view from, std::size_t max_depth = 64) : from_{from}, max_depth_{max_depth} {}

  std::optional<std::size_t> array();
  std::optional<std::size_t> map();
  /// A text (valid UTF-8), or a number in digits: JavaScript uses both as names.
  std::optional<std::string> text();
  /// Takes a nil if there is one.
  bool nothing();
  /// Goes past one value, whatever it is.
  bool skip_value();
  /// Appends one value as JSON; bytes become attachments, times become texts (RFC 3339), NaN becomes null.
  bool json(std::string& out, payload& attachments);
  [[nodiscard]] bool at_end() const noexcept { return from_.empty(); }

 private:
  enum class kind : std::uint8_t { nothing, boolean, integer, natural, floating, text, bytes, extension, array, map };
  struct head {
    kind what = kind::nothing;
    /// Of a container: its elements (a map has pairs); otherwise the bytes of the value.
    std::size_t size = 0;
    std::int64_t integer = 0;
    double floating = 0;
    std::string_view content;
    int extension = 0;
  };
  std::optional<head> next();
  std::optional<std::uint64_t> big_endian(std::size_t size);
  std::optional<head> sized(kind what, std::size_t digits);
  std::optional<head> with_content(kind what, std::optional<std::uint64_t> size);
  bool json(std::string& out, payload& attachments, std::size_t depth);
  bool json_extension(std::string& out, payload& attachments, const head& of);

  std::string_view from_;
  std::size_t max_depth_;
};

}  // namespace nxg::socketio::msgpack
