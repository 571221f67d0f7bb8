#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// JSON as text: what the protocol needs to know of it without building a tree.
namespace nxg::socketio::json_text {

/// Offset and length of a value within the text it was found in.
struct span {
  std::uint32_t offset;
  std::uint32_t length;
};

struct rules {
  std::size_t max_depth = 64;
  /// Objects `{"_placeholder":true,"num":n}` must have n below this; not looked at when absent.
  std::optional<std::size_t> placeholders = std::nullopt;
};

/// The elements of an array; nothing when `text` is not one well-formed array (RFC 8259) within the rules and nothing
/// else. The text is taken to be UTF-8 and shorter than 4 GiB.
[[nodiscard]] std::optional<std::vector<span>> elements(std::string_view text, const rules& by);

/// Whether `text` is one well-formed object and nothing else.
[[nodiscard]] bool is_object(std::string_view text, const rules& by);
/// Whether `text` is one well-formed value and nothing else.
[[nodiscard]] bool is_value(std::string_view text, const rules& by);

/// What a well-formed string stands for; a lone surrogate becomes U+FFFD. Nothing when `text` is no string.
[[nodiscard]] std::optional<std::string> string_of(std::string_view text);

/// The value of a member of a well-formed object; the last one when repeated, nothing when absent.
[[nodiscard]] std::optional<std::string_view> member(std::string_view object, std::string_view name);

/// The attachment number when `text` is a well-formed placeholder object.
[[nodiscard]] std::optional<std::size_t> placeholder(std::string_view text);

/// Appends `text` as a JSON string.
void append_string(std::string& out, std::string_view text);

}  // namespace nxg::socketio::json_text
