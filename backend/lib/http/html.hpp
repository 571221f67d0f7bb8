#pragma once

#include <string>
#include <string_view>

namespace nxg::http {

/// For text and for quoted attributes.
[[nodiscard]] std::string escape_html(std::string_view text);

/// A whole page; `head` (beside its title) and `body` are HTML already.
[[nodiscard]] std::string html_page(std::string_view title, std::string_view head, std::string_view body);

/// The little Markdown that pages here are written in: headings, tables, `code`, and lines that are a paragraph each.
/// All else is shown as it stands, so that no text becomes markup.
[[nodiscard]] std::string html_of_markdown(std::string_view text);

}  // namespace nxg::http
