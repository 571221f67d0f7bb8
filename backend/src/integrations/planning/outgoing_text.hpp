#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace nxg::integrations {

/// Free text of a member as it may leave the house, and text of a service as it may come in: one line of at most
/// `longest` code points. Control characters, line breaks, invisible and direction-changing characters become blanks;
/// so do, when it goes outside, braces, brackets, quotes, backticks, backslashes and other characters that mean
/// something to a program, a template or a prompt. May be empty afterwards. `text` is UTF-8.
[[nodiscard]] std::string outgoing_text(std::string_view text, std::size_t longest = 60);
[[nodiscard]] std::string incoming_text(std::string_view text, std::size_t longest);

}  // namespace nxg::integrations
