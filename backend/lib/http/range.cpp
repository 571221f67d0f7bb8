#include "http/range.hpp"

#include "http/header_fields.hpp"

#include <algorithm>
#include <charconv>

namespace nxg::http {

namespace {

/// Nothing for what is no number; one past any size counts as the largest.
std::optional<std::uint64_t> number_of(std::string_view text) noexcept {
  const bool digits = !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (!digits) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} ? value : UINT64_MAX;
}

}  // namespace

std::variant<whole_resource, octet_range, beyond_resource> asked_range(std::optional<std::string_view> range,
                                                                       std::optional<std::string_view> if_range,
                                                                       std::uint64_t size,
                                                                       std::string_view tag) noexcept {
  constexpr std::string_view unit = "bytes=";
  if (!range || range->size() < unit.size() || !equal_ignoring_case(range->substr(0, unit.size()), unit))
    return whole_resource{};
  if (if_range && *if_range != tag) return whole_resource{};
  const auto spec = range->substr(unit.size());
  const auto dash = spec.find('-');
  if (dash == std::string_view::npos || spec.find(',') != std::string_view::npos) return whole_resource{};
  const auto first_text = spec.substr(0, dash);
  const auto last = number_of(spec.substr(dash + 1));
  if (first_text.empty()) {
    if (!last) return whole_resource{};
    if (*last == 0 || size == 0) return beyond_resource{};
    const auto length = std::min(*last, size);
    return octet_range{size - length, length};
  }
  const auto first = number_of(first_text);
  if (!first || (!last && dash + 1 != spec.size()) || (last && *last < *first)) return whole_resource{};
  if (*first >= size) return beyond_resource{};
  const auto end = last ? std::min(*last, size - 1) : size - 1;
  return octet_range{*first, end - *first + 1};
}

}  // namespace nxg::http
