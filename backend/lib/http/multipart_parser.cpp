#include "http/multipart_parser.hpp"

#include "http/detail/characters.hpp"
#include "http/header_fields.hpp"
#include "http/message.hpp"
#include "schema/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nxg::http {

namespace {

constexpr std::size_t longest_boundary = 70;
constexpr std::size_t longest_name = 200;
constexpr std::size_t longest_file_name = 512;
constexpr auto boundary_characters = detail::make_class("'()+_,-./:=? ", true);

std::string_view trimmed(std::string_view text) noexcept {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

struct field_parameter {
  std::string name;
  std::string value;
};

/// `"a \"b\""` off the front of the text. A backslash stands for itself unless a quote or another one follows:
/// browsers send the names of files as they are.
std::optional<std::string> take_quoted(std::string_view& text) {
  std::string value;
  text.remove_prefix(1);
  while (!text.empty() && text.front() != '"') {
    const bool escapes = text.front() == '\\' && text.size() > 1 && (text[1] == '"' || text[1] == '\\');
    if (escapes) text.remove_prefix(1);
    value += text.front();
    text.remove_prefix(1);
  }
  if (text.empty()) return std::nullopt;
  text.remove_prefix(1);
  return value;
}

std::string take_while(std::string_view& text, const detail::character_class& allowed) {
  std::size_t size = 0;
  while (size < text.size() && allowed[static_cast<unsigned char>(text[size])]) ++size;
  std::string taken{text.substr(0, size)};
  text.remove_prefix(size);
  return taken;
}

/// `; name=value` or `; name="value"` off the front of the text; nothing when it is neither.
std::optional<field_parameter> take_parameter(std::string_view& text) {
  if (!text.starts_with(';')) return std::nullopt;
  text = trimmed(text.substr(1));
  field_parameter one{take_while(text, detail::token_characters), {}};
  std::ranges::transform(one.name, one.name.begin(), detail::lower);
  if (one.name.empty() || !text.starts_with('=')) return std::nullopt;
  text.remove_prefix(1);
  if (text.starts_with('"')) {
    auto value = take_quoted(text);
    if (!value) return std::nullopt;
    one.value = std::move(*value);
  } else {
    one.value = take_while(text, detail::token_characters);
    if (one.value.empty()) return std::nullopt;
  }
  text = trimmed(text);
  return one;
}

/// `type/subtype` off the front, in lower case.
std::string take_type(std::string_view& text) {
  const auto end = std::min(text.find(';'), text.size());
  std::string type{trimmed(text.substr(0, end))};
  std::ranges::transform(type, type.begin(), detail::lower);
  text.remove_prefix(end);
  return type;
}

/// Browsers escape three octets of names (WHATWG HTML, 4.10.21.8) and no others.
std::string without_escapes(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, char>, 3> escapes{{{"%22", '"'}, {"%0D", '\r'}, {"%0A", '\n'}}};
  std::string plain;
  while (!name.empty()) {
    const auto found = std::ranges::find_if(escapes, [&](const auto& one) { return name.starts_with(one.first); });
    if (found == escapes.end()) {
      plain += name.front();
      name.remove_prefix(1);
    } else {
      plain += found->second;
      name.remove_prefix(3);
    }
  }
  return plain;
}

bool is_plain_name(std::string_view name) noexcept {
  return schema::is_utf8(name) && name.find('\0') == std::string_view::npos;
}

}  // namespace

std::optional<std::string> multipart_boundary(std::string_view content_type) {
  if (take_type(content_type) != "multipart/form-data") return std::nullopt;
  std::optional<std::string> boundary;
  while (!content_type.empty()) {
    auto one = take_parameter(content_type);
    if (!one) return std::nullopt;
    if (one->name != "boundary") continue;
    if (boundary) return std::nullopt;
    boundary = std::move(one->value);
  }
  const bool fits = boundary && !boundary->empty() && boundary->size() <= longest_boundary && boundary->back() != ' ' &&
                    detail::all_of(*boundary, boundary_characters);
  return fits ? boundary : std::nullopt;
}

multipart_parser::multipart_parser(std::string_view boundary, multipart_limits limits)
    : limits_{limits}, delimiter_{"\r\n--" + std::string{boundary}} {}

multipart_parser::event multipart_parser::fail(std::string_view why) {
  state_ = state::broken;
  error_ = why;
  return event::malformed;
}

multipart_parser::event multipart_parser::take(std::string_view arrived) {
  consumed_ = 0;
  while (consumed_ < arrived.size()) {
    auto found = event::need_more;
    switch (state_) {
      case state::preamble:
      case state::content: found = take_content(arrived.substr(consumed_)); break;
      case state::head: found = take_head(arrived.substr(consumed_)); break;
      case state::epilogue:
        margin_ += arrived.size() - consumed_;
        consumed_ = arrived.size();
        if (margin_ > limits_.max_margin_bytes) return fail("There is too much behind the end of the form.");
        break;
      case state::broken: return event::malformed;
      case state::delimiter:
      case state::dash:
      case state::padding:
      case state::line_feed: found = take_after_delimiter(arrived[consumed_++]); break;
    }
    if (found != event::need_more) return found;
  }
  return event::need_more;
}

multipart_parser::event multipart_parser::take_content(std::string_view arrived) {
  const bool is_data = state_ == state::content;
  if (matched_ > 0) {
    // Goes on with a delimiter that began in what came before. Only its first octet is CR, so what turns out to be no
    // delimiter is content as a whole.
    const auto rest = std::string_view{delimiter_}.substr(matched_);
    const auto length = std::min(rest.size(), arrived.size());
    const auto [ours, theirs] = std::ranges::mismatch(rest.substr(0, length), arrived.substr(0, length));
    const auto same = static_cast<std::size_t>(ours - rest.begin());
    consumed_ += same;
    if (same == length) {
      matched_ += same;
      return matched_ == delimiter_.size() ? delimiter_found() : event::need_more;
    }
    // Of the first delimiter the line break may be missing, so that is not content either.
    data_ = std::string_view{delimiter_}.substr(0, matched_ + same);
    matched_ = 0;
  } else {
    auto end = arrived.find(delimiter_);
    if (end == std::string_view::npos) {
      end = arrived.size();
      // What may be the beginning of one at the end is kept for the next piece, by its length.
      for (auto at = arrived.find('\r', end - std::min(end, delimiter_.size() - 1)); at < arrived.size();
           at = arrived.find('\r', at + 1)) {
        if (delimiter_.starts_with(arrived.substr(at))) {
          matched_ = arrived.size() - at;
          end = at;
        }
      }
      data_ = arrived.substr(0, end);
      consumed_ += arrived.size();
    } else if (end == 0) {
      consumed_ += delimiter_.size();
      return delimiter_found();
    } else {
      data_ = arrived.substr(0, end);
      consumed_ += end;
    }
  }
  if (is_data) return data_.empty() ? event::need_more : event::data;
  margin_ += data_.size();
  if (margin_ > limits_.max_margin_bytes) return fail("The form does not begin with its boundary.");
  return event::need_more;
}

multipart_parser::event multipart_parser::delimiter_found() {
  const bool ends_part = state_ == state::content;
  matched_ = 0;
  state_ = state::delimiter;
  return ends_part ? event::part_ends : event::need_more;
}

multipart_parser::event multipart_parser::take_after_delimiter(char c) {
  switch (state_) {
    case state::delimiter:
      if (c == '-') {
        state_ = state::dash;
        return event::need_more;
      }
      [[fallthrough]];
    case state::padding:
      if (c == '\r') {
        state_ = state::line_feed;
      } else if (c == ' ' || c == '\t') {
        state_ = state::padding;
        if (++margin_ > limits_.max_margin_bytes) return fail("There is too much behind a boundary.");
      } else {
        return fail("A line of a part begins like the boundary.");
      }
      return event::need_more;
    case state::dash:
      if (c != '-') return fail("A line of a part begins like the boundary.");
      state_ = state::epilogue;
      margin_ = 0;
      return event::need_more;
    default:
      if (c != '\n') return fail("The lines of the form do not end with CR LF.");
      if (parts_++ == limits_.max_parts) return fail("The form has too many parts.");
      state_ = state::head;
      head_.clear();
      return event::need_more;
  }
}

multipart_parser::event multipart_parser::take_head(std::string_view arrived) {
  for (const char c : arrived) {
    ++consumed_;
    head_ += c;
    if (head_.size() > limits_.max_head_bytes + 4) return fail("The header of a part is too large.");
    if (head_ == "\r\n" || head_.ends_with("\r\n\r\n")) return read_head();
  }
  return event::need_more;
}

multipart_parser::event multipart_parser::read_head() {
  part_ = {};
  has_disposition_ = false;
  std::string_view rest{head_};
  rest.remove_suffix(2);
  while (!rest.empty()) {
    const auto end = rest.find("\r\n");
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    if (!read_field(line)) return event::malformed;
  }
  if (!has_disposition_) return fail("A part has no Content-Disposition.");
  if (part_.file_name && part_.content_type.empty()) part_.content_type = "application/octet-stream";
  state_ = state::content;
  return event::part_begins;
}

bool multipart_parser::read_field(std::string_view line) {
  const auto colon = line.find(':');
  const auto name = line.substr(0, colon);
  if (colon == std::string_view::npos || !detail::is_token(name) || !detail::is_field_value(line.substr(colon + 1))) {
    fail("The header of a part is malformed.");
    return false;
  }
  const auto value = trimmed(line.substr(colon + 1));
  if (equal_ignoring_case(name, "content-disposition")) return read_disposition(value);
  if (equal_ignoring_case(name, "content-type")) {
    if (!part_.content_type.empty()) fail("A part has two content types.");
    auto rest = value;
    const auto type = take_type(rest);
    if (type.empty() || type.starts_with("multipart/")) fail("A part may not be a multipart itself.");
    part_.content_type = value;
  } else if (equal_ignoring_case(name, "content-transfer-encoding")) {
    const bool plain = equal_ignoring_case(value, "binary") || equal_ignoring_case(value, "8bit") ||
                       equal_ignoring_case(value, "7bit");
    if (!plain) fail("Parts are sent as they are, without a transfer encoding.");
  }
  return state_ != state::broken;
}

bool multipart_parser::read_disposition(std::string_view value) {
  const auto refuse = [this](std::string_view why) {
    fail(why);
    return false;
  };
  if (has_disposition_) return refuse("A part has two Content-Dispositions.");
  has_disposition_ = true;
  if (take_type(value) != "form-data") return refuse("A part is not form-data.");
  std::optional<std::string> name;
  std::optional<std::string> extended;
  while (!value.empty()) {
    auto one = take_parameter(value);
    if (!one) return refuse("A Content-Disposition is malformed.");
    auto* known = one->name == "name"        ? &name
                  : one->name == "filename"  ? &part_.file_name
                  : one->name == "filename*" ? &extended
                                             : nullptr;
    if (known == nullptr) continue;
    if (*known) return refuse("A Content-Disposition says something twice.");
    *known = without_escapes(one->value);
  }
  // RFC 7578 forbids it, some libraries send it all the same: then it is a file, and its name does not matter.
  if (extended && !part_.file_name) part_.file_name = "";
  if (!name || name->empty() || name->size() > longest_name || !is_plain_name(*name)) {
    return refuse("A part has no name, or none that can be one.");
  }
  if (part_.file_name && (part_.file_name->size() > longest_file_name || !is_plain_name(*part_.file_name))) {
    return refuse("The name of a file is too long or is not UTF-8.");
  }
  part_.name = std::move(*name);
  return true;
}

bool multipart_parser::end() {
  if (complete()) return true;
  if (state_ != state::broken) fail("The form ends before its last boundary.");
  return false;
}

}  // namespace nxg::http
