#include "http/header_fields.hpp"

#include "http/detail/characters.hpp"

#include <algorithm>
#include <stdexcept>

namespace nxg::http {

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return detail::lower(x) == detail::lower(y); });
}

void header_fields::add(std::string_view name, std::string_view value) {
  if (!detail::is_token(name) || !detail::is_field_value(value)) {
    throw std::invalid_argument{"not a header field: " + std::string{name}};
  }
  const auto name_at = static_cast<std::uint32_t>(text_.size());
  text_.append(name).append(": ").append(value).append("\r\n");
  index_.push_back({name_at, static_cast<std::uint32_t>(name.size()),
                    static_cast<std::uint32_t>(name_at + name.size() + 2), static_cast<std::uint32_t>(value.size())});
}

void header_fields::set(std::string_view name, std::string_view value) {
  remove(name);
  add(name, value);
}

void header_fields::remove(std::string_view name) {
  if (!contains(name)) return;
  header_fields kept;
  for (std::size_t i = 0; i < size(); ++i) {
    const auto one = (*this)[i];
    if (!equal_ignoring_case(one.name, name)) kept.add(one.name, one.value);
  }
  *this = std::move(kept);
}

void header_fields::append(const header_fields& others) {
  const auto shift = static_cast<std::uint32_t>(text_.size());
  text_ += others.text_;
  for (auto one : others.index_) {
    one.name_at += shift;
    one.value_at += shift;
    index_.push_back(one);
  }
}

void header_fields::clear() noexcept {
  text_.clear();
  index_.clear();
}

std::optional<std::string_view> header_fields::find(std::string_view name) const noexcept {
  for (const auto& one : index_) {
    if (one.name_size == name.size() && equal_ignoring_case({text_.data() + one.name_at, one.name_size}, name)) {
      return std::string_view{text_.data() + one.value_at, one.value_size};
    }
  }
  return std::nullopt;
}

std::size_t header_fields::count(std::string_view name) const noexcept {
  return static_cast<std::size_t>(std::ranges::count_if(index_, [&](const place& one) {
    return equal_ignoring_case({text_.data() + one.name_at, one.name_size}, name);
  }));
}

header_fields::field header_fields::operator[](std::size_t at) const noexcept {
  const auto& one = index_[at];
  return {{text_.data() + one.name_at, one.name_size}, {text_.data() + one.value_at, one.value_size}};
}

}  // namespace nxg::http
