#pragma once

#include "http/message.hpp"

#include <string_view>

namespace nxg::app {

/// How the pages for people look, as CSS.
[[nodiscard]] std::string_view page_style() noexcept;

/// A whole page; `body` is HTML. It may show pictures of our own and run nothing.
[[nodiscard]] http::response page_answer(std::string_view title, std::string_view body);

}  // namespace nxg::app
