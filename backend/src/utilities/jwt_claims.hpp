#pragma once

#include "utilities/jwt.hpp"

#include <optional>
#include <string_view>

namespace nxg::utilities {

/// The payload of a token whose signature is good, as JSON; nothing unless every claim is there and of its type. For
/// `read_token`, and for whoever wants to try this part alone.
[[nodiscard]] std::optional<token_claims> claims_from_json(std::string_view text);

}  // namespace nxg::utilities
