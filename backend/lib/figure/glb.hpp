#pragma once

#include "figure/mesh.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace nxg::figure {

/// glTF 2.0 in its binary form: one node, one mesh, one matte material.
[[nodiscard]] std::string to_glb(const mesh& of);

/// What is wrong with the container of a GLB file, in words; nothing when it is whole: magic and version, lengths that
/// add up, a first chunk of JSON that says `asset.version` 2, then at most chunks of octets.
[[nodiscard]] std::optional<std::string> fault_of_glb(std::string_view octets);

}  // namespace nxg::figure
