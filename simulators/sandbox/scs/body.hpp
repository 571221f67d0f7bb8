#pragma once

#include "sandbox/scs/messages.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace nxg::sandbox::scs {

struct made_avatar {
  std::string glb;
  std::string png;
};

/// Believable measurements of a file: the same file and subject give the same.
[[nodiscard]] measurements measure(std::string_view sha256_hex, const std::optional<subject>& of);
[[nodiscard]] made_avatar make_avatar(const measurements& of);

}  // namespace nxg::sandbox::scs
