#pragma once

#include <string_view>

namespace nxg::integrations {

/// Whether a short text of an outside service, such as the name of a food, is none: it has markup, a link, a template
/// or words that tell a reader (a person or a language model) what to do. Such an answer is refused as a whole.
[[nodiscard]] bool reads_like_instructions(std::string_view text);

}  // namespace nxg::integrations
