#pragma once

#include "objects/object_store.hpp"

#include <chrono>
#include <string_view>

/// What every adapter refuses alike: `error` (invalid).
namespace nxg::objects::detail {

[[nodiscard]] bool is_key(std::string_view text) noexcept;

void require_key(std::string_view key);
/// Of a list: empty, or how a key may begin.
void require_prefix(std::string_view prefix);
void require(const put_options& how);
/// Printable ASCII without spaces at its ends, or empty.
void require_header(std::string_view name, std::string_view value);
void require_content_type(std::string_view value);
void require_file_name(std::string_view name);
void require_life(std::chrono::seconds valid);

}  // namespace nxg::objects::detail
