#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nxg::http {

struct multipart_limits {
  std::size_t max_parts = 32;
  /// Header fields of one part together.
  std::size_t max_head_bytes = 2048;
  /// What may stand before the first delimiter, and after the last.
  std::size_t max_margin_bytes = 4096;
};

/// What the header fields of a part say (RFC 7578).
struct part_head {
  std::string name;
  /// Set: the part is a file, whatever it is called; the name is the sender's and is not to be trusted with anything.
  std::optional<std::string> file_name;
  /// As sent; empty: text/plain.
  std::string content_type;
};

/// The boundary of a `multipart/form-data` content type; nothing for another type or a boundary that RFC 2046 does not
/// allow.
[[nodiscard]] std::optional<std::string> multipart_boundary(std::string_view content_type);

/// Takes a `multipart/form-data` body apart (RFC 7578, RFC 2046) as it arrives, in pieces of any size, holding nothing
/// of it but the header fields of one part. Strict where two implementations could read differently: CR LF only, no
/// folded fields, no nested multiparts, no transfer encodings, no line that only begins like a delimiter. No I/O.
///
/// ```cpp
/// while (!arrived.empty()) {
///   switch (parser.take(arrived)) { ... }
///   arrived.remove_prefix(parser.consumed());
/// }
/// parser.end()  // nothing more comes: whether the form was complete
/// ```
class multipart_parser {
 public:
  explicit multipart_parser(std::string_view boundary, multipart_limits limits = {});

  enum class event : std::uint8_t {
    need_more,    ///< everything was consumed
    part_begins,  ///< `part()` has it
    data,         ///< `data()` belongs to the part
    part_ends,
    malformed,  ///< `error()` says why; the end
  };

  /// The next thing in `arrived`.
  event take(std::string_view arrived);
  /// Of the last `take`: what of `arrived` need not be given again.
  [[nodiscard]] std::size_t consumed() const noexcept { return consumed_; }
  [[nodiscard]] const part_head& part() const noexcept { return part_; }
  /// Of the last `data`; until the next call, or until `arrived` goes.
  [[nodiscard]] std::string_view data() const noexcept { return data_; }
  /// A sentence for the sender.
  [[nodiscard]] std::string_view error() const noexcept { return error_; }
  /// True when the last delimiter was seen; else `error()` says what is missing.
  [[nodiscard]] bool end();
  /// As `end`, without a word about it.
  [[nodiscard]] bool complete() const noexcept { return state_ == state::epilogue; }

 private:
  enum class state : std::uint8_t { preamble, content, delimiter, dash, padding, line_feed, head, epilogue, broken };

  event fail(std::string_view why);
  event take_content(std::string_view arrived);
  event take_after_delimiter(char c);
  event take_head(std::string_view arrived);
  event read_head();
  bool read_field(std::string_view line);
  bool read_disposition(std::string_view value);
  event delimiter_found();

  multipart_limits limits_;
  /// CR LF "--" boundary.
  std::string delimiter_;
  state state_ = state::preamble;
  /// Octets of the delimiter seen at the end of what was taken before.
  std::size_t matched_ = 2;
  std::size_t consumed_ = 0;
  std::size_t margin_ = 0;
  std::size_t parts_ = 0;
  std::string head_;
  part_head part_;
  bool has_disposition_ = false;
  std::string_view data_;
  std::string_view error_;
};

}  // namespace nxg::http
