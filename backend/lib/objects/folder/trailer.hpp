#pragma once

#include "objects/object_store.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// What is known about an object, behind its content in the same file: JSON, its length (4 octets, least significant
/// first), and a mark of 8 octets. So one rename replaces both, and what ignores the end of a file, as viewers of
/// pictures do, can still open it.
namespace nxg::objects::folder {

inline constexpr std::size_t trailer_end_size = 12;
inline constexpr std::size_t longest_trailer = 16 * 1024;

[[nodiscard]] std::string write_trailer(const object_info& what);
/// The length of the JSON, from the last 12 octets of a file; nothing where that is no object of ours.
[[nodiscard]] std::optional<std::size_t> trailer_size(std::string_view end);
/// All but the key. Nothing where it is not what `write_trailer` writes.
[[nodiscard]] std::optional<object_info> read_trailer(std::string_view json);

}  // namespace nxg::objects::folder
