#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The opening handshake of WebSocket (RFC 6455, section 4) and as much of HTTP/1.1 as it needs. No I/O here.
namespace nxg::socketio::websocket {

using header_list = std::vector<std::pair<std::string, std::string>>;

/// The value of the first header of that name (any case); empty when absent.
[[nodiscard]] std::string_view find_header(const header_list& headers, std::string_view name) noexcept;

/// An HTTP answer instead of an upgrade.
struct refusal {
  unsigned status;  ///< 400, 403, 426, 503
  std::string body;
  std::string_view content_type = "text/plain; charset=utf-8";  ///< a literal
};

/// Nothing when the request is a proper opening handshake.
[[nodiscard]] std::optional<refusal> check_request(std::string_view method, const header_list& headers);

/// `Sec-WebSocket-Accept` for a `Sec-WebSocket-Key`.
[[nodiscard]] std::string accept_key(std::string_view key);
/// The answer that switches protocols.
[[nodiscard]] std::string switching_response(std::string_view key, const header_list& extra = {});
[[nodiscard]] std::string refusal_response(const refusal& why);

/// The head of a message: its first line in three parts, and its headers.
struct http_head {
  std::string first;   ///< request: method; response: version
  std::string second;  ///< request: target; response: status code
  std::string third;   ///< request: version; response: reason, may be empty
  header_list headers;
};
/// Takes a whole head apart, with the empty line at its end; nothing when it is malformed.
[[nodiscard]] std::optional<http_head> parse_head(std::string_view text);
/// The same into a head whose memory is used again. False when the text is malformed.
[[nodiscard]] bool parse_head(std::string_view text, http_head& into);

/// A client's opening request. `key` is 16 random bytes in base64.
[[nodiscard]] std::string client_request(std::string_view host, std::string_view target, std::string_view key,
                                         const header_list& extra);
/// Whether the answer completes the handshake begun with `key`; otherwise why not, in English.
[[nodiscard]] std::optional<std::string> check_response(const http_head& answer, std::string_view key);

/// Whether any header of that name lists that word.
[[nodiscard]] bool lists(const header_list& headers, std::string_view name, std::string_view word);

[[nodiscard]] std::string base64(std::string_view bytes);

/// Compares without regard to the case of ASCII letters.
[[nodiscard]] bool same_text(std::string_view a, std::string_view b) noexcept;

}  // namespace nxg::socketio::websocket
