#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace nxg::http {

/// Takes a chunked body apart (RFC 9112, 7.1), strictly: CR LF only, plain hexadecimal sizes. Chunk extensions and
/// trailer fields are read over within bounds. No I/O.
class chunked_body {
 public:
  explicit chunked_body(std::size_t max_size) noexcept : max_size_{max_size} {}

  enum class outcome : std::uint8_t { incomplete, complete, malformed, too_large };

  /// Takes what it can of `arrived` and appends the data to `body`. After `complete`, what follows the `consumed()`
  /// octets belongs to the next request.
  outcome take(std::string_view arrived, std::string& body);
  /// Of the last `take`.
  [[nodiscard]] std::size_t consumed() const noexcept { return consumed_; }

 private:
  enum class state : std::uint8_t {
    size,
    extension,
    size_lf,
    data,
    data_cr,
    data_lf,
    trailer_start,
    trailer,
    trailer_lf,
    end_lf
  };
  bool take_octet(char c);
  bool start_chunk();

  std::size_t max_size_;
  std::size_t consumed_ = 0;
  state state_ = state::size;
  std::uint64_t chunk_left_ = 0;
  std::size_t received_ = 0;
  unsigned digits_ = 0;
  /// Of extensions and trailers together.
  std::size_t overhead_ = 0;
  bool done_ = false;
  bool too_large_ = false;
};

}  // namespace nxg::http
