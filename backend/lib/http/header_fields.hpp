#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::http {

/// ASCII only, as field names and most protocol words are compared.
[[nodiscard]] bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// The header fields of one message, in order, kept as they go over the wire: one string and an index into it.
/// Names are compared without case.
class header_fields {
 public:
  struct field {
    std::string_view name;
    std::string_view value;
  };

  /// Appends. Throws `std::invalid_argument` when `name` is no token or `value` has control characters, so that
  /// nothing can split a response.
  void add(std::string_view name, std::string_view value);
  /// Replaces every field of that name by this one.
  void set(std::string_view name, std::string_view value);
  void remove(std::string_view name);
  /// Appends every field of `others`.
  void append(const header_fields& others);
  void clear() noexcept;

  /// The value of the first field of that name. Valid until the fields change.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;
  [[nodiscard]] bool contains(std::string_view name) const noexcept { return find(name).has_value(); }
  [[nodiscard]] std::size_t count(std::string_view name) const noexcept;

  [[nodiscard]] std::size_t size() const noexcept { return index_.size(); }
  [[nodiscard]] field operator[](std::size_t at) const noexcept;

  /// Every field as `Name: value` CR LF.
  [[nodiscard]] std::string_view block() const noexcept { return text_; }

 private:
  friend class head_parser;
  struct place {
    std::uint32_t name_at;
    std::uint32_t name_size;
    std::uint32_t value_at;
    std::uint32_t value_size;
  };
  std::string text_;
  std::vector<place> index_;
};

/// Calls `visit(word)` for each element of a comma-separated list, trimmed, empty ones left out.
template <class Visit>
void for_each_in_list(std::string_view list, Visit visit) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    auto word = list.substr(0, comma);
    while (!word.empty() && (word.front() == ' ' || word.front() == '\t')) word.remove_prefix(1);
    while (!word.empty() && (word.back() == ' ' || word.back() == '\t')) word.remove_suffix(1);
    if (!word.empty()) visit(word);
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace nxg::http
