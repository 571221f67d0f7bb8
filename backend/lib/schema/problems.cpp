#include "schema/problems.hpp"

#include <algorithm>
#include <utility>

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

/// Whether one is the other or inside it: /sets and /sets/2/reps.
bool share_a_value(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  return b.starts_with(a) && (b.size() == a.size() || b[a.size()] == '/');
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

bool problems::is_unread(std::string_view pointer) const {
  for (std::size_t i = unread_from_; i < unread_to_; ++i) {
    if (share_a_value(list_[i].pointer, pointer)) return true;
  }
  return false;
}

void problems::add_at(std::string_view below, std::string_view code, std::string message,
                      std::initializer_list<std::string_view> also) {
  if (full()) return;
  const auto here = detail::pointer_to(here_);
  auto pointer = here + std::string{below};
  const auto unread = [&](std::string_view other) { return is_unread(here + std::string{other}); };
  if (is_unread(pointer) || std::ranges::any_of(also, unread)) return;
  list_.push_back({.pointer = std::move(pointer), .code = std::string{code}, .message = std::move(message)});
}

void problems::replace_all(std::string_view code, std::string message) {
  list_.clear();
  list_.push_back({.pointer = "", .code = std::string{code}, .message = std::move(message)});
}

}  // namespace nxg::schema
