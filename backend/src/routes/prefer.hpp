#pragma once

#include "http/message.hpp"

#include <string_view>

namespace nxg::routes {

/// Whether the caller would rather not wait (`Prefer: respond-async`, RFC 7240).
[[nodiscard]] inline bool prefers_no_wait(const http::request& incoming) {
  bool found = false;
  http::for_each_in_list(incoming.headers.find("Prefer").value_or(""), [&](std::string_view word) {
    found = found || http::equal_ignoring_case(word, "respond-async");
  });
  return found;
}

}  // namespace nxg::routes
