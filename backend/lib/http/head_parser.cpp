#include "http/head_parser.hpp"

#include "http/detail/characters.hpp"

#include <charconv>
#include <cstring>
#include <utility>

namespace nxg::http {

namespace {

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

constexpr std::size_t longest_method = 32;

}  // namespace

void head_parser::reset() noexcept {
  scanned_ = line_at_ = size_ = 0;
  frame_ = {};
  has_length_ = has_encoding_ = closes_ = keeps_ = upgrades_ = websocket_ = false;
  hosts_ = seen_ = 0;
  error_.reset();
}

head_parser::outcome head_parser::refuse(protocol_error code, std::string detail) {
  if (!error_) error_ = std::make_unique<problem>(code, std::move(detail));
  return outcome::refused;
}

head_parser::outcome head_parser::parse(std::string_view arrived, request& into) {
  // One empty line before the request is forgiven (RFC 9112, 2.2).
  const std::size_t skipped = arrived.starts_with("\r\n") ? 2 : 0;
  if (scanned_ < skipped) scanned_ = line_at_ = skipped;

  const bool found = find_end(arrived);
  if (error_) return outcome::refused;
  if ((found ? size_ : arrived.size()) > limits_.max_bytes) {
    const bool no_line_yet = arrived.substr(skipped, limits_.max_bytes).find('\n') == std::string_view::npos;
    return no_line_yet ? refuse(protocol_error::uri_too_long, "The request target is too long.")
                       : refuse(protocol_error::header_fields_too_large, "The header fields are too large.");
  }
  if (!found) return outcome::incomplete;

  const auto head = arrived.substr(skipped, size_ - skipped);
  const auto line_end = head.find("\r\n");
  if (!read_request_line(head.substr(0, line_end), into) || !read_target(into)) return outcome::refused;
  // The block of fields, without the empty line that ends it.
  if (!read_fields(head.substr(line_end + 2, head.size() - line_end - 4), into) || !check_framing())
    return outcome::refused;
  return outcome::complete;
}

/// Looks line by line for the empty one. A line may only end in CR LF: a bare LF is refused at once.
bool head_parser::find_end(std::string_view arrived) {
  while (scanned_ < arrived.size()) {
    const auto* end = static_cast<const char*>(std::memchr(arrived.data() + scanned_, '\n', arrived.size() - scanned_));
    if (end == nullptr) {
      scanned_ = arrived.size();
      return false;
    }
    const auto at = static_cast<std::size_t>(end - arrived.data());
    scanned_ = at + 1;
    if (at == line_at_ || arrived[at - 1] != '\r') {
      refuse(protocol_error::malformed_request, "Lines must end in CR LF.");
      return false;
    }
    const bool is_empty = at == line_at_ + 1;
    line_at_ = scanned_;
    if (is_empty) {
      size_ = scanned_;
      return true;
    }
  }
  return false;
}

bool head_parser::read_request_line(std::string_view line, request& into) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  const bool three_parts = first != std::string_view::npos && first != last && first != 0;
  const auto method = line.substr(0, first);
  if (!three_parts || !detail::is_token(method) || method.size() > longest_method) {
    refuse(protocol_error::malformed_request, "The request line is malformed.");
    return false;
  }
  const auto version = line.substr(last + 1);
  if (version == "HTTP/1.0") {
    frame_.http_1_0 = true;
  } else if (version != "HTTP/1.1") {
    const bool other_version = version.size() == 8 && version.starts_with("HTTP/") && version[6] == '.';
    if (other_version) {
      refuse(protocol_error::http_version_not_supported, "This server speaks HTTP/1.1.");
    } else {
      refuse(protocol_error::malformed_request, "The request line is malformed.");
    }
    return false;
  }
  const auto known = parse_verb(method);
  if (!known) {
    refuse(protocol_error::not_implemented, "This method is not known here.");
    return false;
  }
  into.method = *known;
  into.target.assign(line.substr(first + 1, last - first - 1));
  return true;
}

bool head_parser::read_target(request& into) {
  std::string_view target = into.target;
  if (target.empty() || !detail::all_of(target, detail::target_characters)) {
    refuse(protocol_error::malformed_request, "The request target has characters that must be escaped.");
    return false;
  }
  // Absolute form, as proxies send it: the authority there counts for nothing here.
  if (target.starts_with("http://") || target.starts_with("https://")) {
    const auto slash = target.find('/', target.find("//") + 2);
    target = slash == std::string_view::npos ? std::string_view{"/"} : target.substr(slash);
  }
  const bool whole_server = target == "*" && into.method == verb::options;
  if (!target.starts_with('/') && !whole_server) {
    refuse(protocol_error::malformed_request, "The request target must begin with a slash.");
    return false;
  }
  const auto question = target.find('?');
  into.path.assign(target.substr(0, question));
  into.query.assign(question == std::string_view::npos ? std::string_view{} : target.substr(question + 1));
  return true;
}

bool head_parser::read_fields(std::string_view block, request& into) {
  into.headers.clear();
  into.headers.text_.assign(block);
  std::size_t at = 0;
  while (at < block.size()) {
    const auto end = block.find("\r\n", at);
    if (into.headers.index_.size() == limits_.max_fields) {
      refuse(protocol_error::header_fields_too_large, "There are too many header fields.");
      return false;
    }
    if (!read_field(block.substr(at, end - at), at, into)) return false;
    at = end + 2;
  }
  return true;
}

bool head_parser::read_field(std::string_view line, std::size_t at, request& into) {
  const auto colon = line.find(':');
  const auto name = line.substr(0, colon);
  // A name that begins with white space would be a folded line, one that ends with it is read differently by others:
  // neither is a token.
  if (colon == std::string_view::npos || !detail::is_token(name)) {
    refuse(protocol_error::malformed_request, "A header field is malformed.");
    return false;
  }
  const auto value = trimmed(line.substr(colon + 1));
  if (!detail::is_field_value(value)) {
    refuse(protocol_error::malformed_request, "A header field has control characters.");
    return false;
  }
  into.headers.index_.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(name.size()),
                                 static_cast<std::uint32_t>(at + static_cast<std::size_t>(value.data() - line.data())),
                                 static_cast<std::uint32_t>(value.size())});
  return note_field(name, value);
}

bool head_parser::note_field(std::string_view name, std::string_view value) {
  switch (name.size()) {
    case 4:
      if (equal_ignoring_case(name, "host") && (++hosts_ > 1 || !detail::all_of(value, detail::host_characters))) {
        refuse(protocol_error::malformed_request, "There must be one valid Host field.");
        return false;
      }
      break;
    case 6:
      if (equal_ignoring_case(name, "expect")) {
        frame_.expects_continue = equal_ignoring_case(value, "100-continue");
        if (!frame_.expects_continue) {
          refuse(protocol_error::expectation_failed, "Only 100-continue can be expected.");
          return false;
        }
      }
      break;
    case 7:
      if (equal_ignoring_case(name, "upgrade")) {
        for_each_in_list(value, [&](std::string_view word) { websocket_ |= equal_ignoring_case(word, "websocket"); });
      }
      break;
    case 10:
      if (equal_ignoring_case(name, "connection")) {
        for_each_in_list(value, [&](std::string_view word) {
          closes_ |= equal_ignoring_case(word, "close");
          keeps_ |= equal_ignoring_case(word, "keep-alive");
          upgrades_ |= equal_ignoring_case(word, "upgrade");
        });
      }
      break;
    case 12:
      if (equal_ignoring_case(name, "content-type")) return note_single(1);
      break;
    case 13:
      if (equal_ignoring_case(name, "authorization")) return note_single(2);
      break;
    case 15:
      if (equal_ignoring_case(name, "idempotency-key")) return note_single(4);
      break;
    case 14:
      if (equal_ignoring_case(name, "content-length")) return note_length(value);
      break;
    case 17:
      if (equal_ignoring_case(name, "transfer-encoding")) {
        if (std::exchange(has_encoding_, true) || !equal_ignoring_case(value, "chunked")) {
          refuse(protocol_error::not_implemented, "The only transfer encoding taken is chunked, once.");
          return false;
        }
        frame_.chunked = true;
      }
      break;
    default: break;
  }
  return true;
}

/// Of two, a proxy might look at one and we at the other.
bool head_parser::note_single(unsigned bit) {
  if ((seen_ & bit) != 0) {
    refuse(protocol_error::malformed_request, "A header field that may come once came twice.");
    return false;
  }
  seen_ |= bit;
  return true;
}

bool head_parser::note_length(std::string_view value) {
  const auto* end = value.data() + value.size();
  const auto [read, error] = std::from_chars(value.data(), end, frame_.content_length);
  if (std::exchange(has_length_, true) || error != std::errc{} || read != end) {
    refuse(protocol_error::malformed_request, "There must be one Content-Length, in digits.");
    return false;
  }
  return true;
}

bool head_parser::check_framing() {
  if (has_length_ && has_encoding_) {
    refuse(protocol_error::malformed_request, "Content-Length and Transfer-Encoding exclude each other.");
    return false;
  }
  if (frame_.http_1_0 && has_encoding_) {
    refuse(protocol_error::malformed_request, "HTTP/1.0 has no transfer encodings.");
    return false;
  }
  if (hosts_ == 0 && !frame_.http_1_0) {
    refuse(protocol_error::malformed_request, "There must be one valid Host field.");
    return false;
  }
  if (frame_.http_1_0) frame_.expects_continue = false;  // it knows no 100 (RFC 9110, 10.1.1)
  frame_.keep_alive = frame_.http_1_0 ? keeps_ && !closes_ : !closes_;
  frame_.asks_for_websocket = upgrades_ && websocket_ && !frame_.http_1_0;
  return true;
}

}  // namespace nxg::http
