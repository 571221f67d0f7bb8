#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nxg::store {

/// The words of a text, each once, in lower case (ASCII, Latin-1 and the rest as it is), in order of their bytes: what
/// an index over words holds. A word is a run of letters, digits and bytes beyond ASCII; at most 64 words of at most 64
/// bytes.
std::vector<std::string> words_of(std::string_view text);

}  // namespace nxg::store
