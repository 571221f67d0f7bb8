#include "schema/problems.hpp"

#include <algorithm>

namespace nxg::schema {

namespace {

/// "2 problems: /age must be at most 120; /name is required": for logs; answers carry the list.
std::string summary(const std::vector<problem>& list) {
  constexpr std::size_t shown = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(shown, list.size()); ++i) {
    if (i > 0) text += "; ";
    if (!list[i].pointer.empty()) text.append(list[i].pointer).append(" ");
    text += list[i].message;
  }
  if (list.size() > shown) text.append("; and ").append(std::to_string(list.size() - shown)).append(" more");
  return text;
}

void append_escaped(std::string& out, std::string_view key) {
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
}

}  // namespace

invalid::invalid(std::vector<problem> list) : std::runtime_error{summary(list)}, list_{std::move(list)} {}

invalid::invalid(std::string_view code, std::string message)
    : invalid{std::vector<problem>{{.pointer = "", .code = std::string{code}, .message = std::move(message)}}} {}

std::string detail::pointer_to(const place* here) {
  if (here == nullptr) return {};
  std::string pointer = pointer_to(here->parent);
  pointer += '/';
  if (here->index != place::no_index) {
    pointer += std::to_string(here->index);
  } else {
    append_escaped(pointer, here->key);
  }
  return pointer;
}

void problems::add_at(std::string_view below, std::string_view code, std::string message) {
  if (full()) return;
  list_.push_back(
      {.pointer = detail::pointer_to(here_).append(below), .code = std::string{code}, .message = std::move(message)});
}

void problems::replace_all(std::string_view code, std::string message) {
  list_.clear();
  list_.push_back({.pointer = "", .code = std::string{code}, .message = std::move(message)});
}

}  // namespace nxg::schema
