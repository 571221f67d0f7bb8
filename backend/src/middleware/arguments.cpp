#include "middleware/arguments.hpp"

#include "schema/text.hpp"

#include <algorithm>

namespace nxg {

namespace {

constexpr std::size_t max_user_agent = 200;

bool is_continuation(char c) noexcept { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }
bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

}  // namespace

std::string kept_text(std::string_view sent, std::size_t size) {
  // What is cut off need not be looked at, whatever is put in place of what comes before.
  auto text = schema::replace_bad_utf8(sent.substr(0, size + 4));
  std::ranges::replace_if(text, is_control, '?');
  // The controls above ASCII, U+0080 to U+009F: the next line, and what terminals obey.
  for (std::size_t at = text.find('\xc2'); at != text.npos; at = text.find('\xc2', at + 1)) {
    if (static_cast<unsigned char>(text[at + 1]) < 0xa0) text.replace(at, 2, "?");
  }
  if (text.size() <= size) return text;
  while (size > 0 && is_continuation(text[size])) --size;
  text.resize(size);
  return text;
}

request_origin http::argument<request_origin>::get(request& incoming) {
  return {incoming.remote_address, kept_text(incoming.headers.find("user-agent").value_or(""), max_user_agent),
          incoming.id};
}

}  // namespace nxg
