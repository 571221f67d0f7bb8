#pragma once

#include "schema/problems.hpp"
#include "schema/scalars.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace nxg::schema::detail {

/// The lexical half of reading JSON (RFC 8259, nothing added): moves over a text, token by token.
/// A function that returns false has found the text to be no JSON; it has replaced all problems by that one, and
/// reading ends.
class json_scanner {
 public:
  json_scanner(std::string_view text, std::size_t deepest, problems& found) noexcept
      : start_{text.data()}, at_{start_}, end_{start_ + text.size()}, deepest_{deepest}, found_{found} {}

  /// Checks that all of the text is UTF-8: what comes after may take it for granted.
  [[nodiscard]] bool begin();
  /// Checks that nothing but space is left.
  [[nodiscard]] bool end();

  /// The first character of the next token, 0 at the end.
  [[nodiscard]] char peek() noexcept {
    skip_space();
    return at_ == end_ ? '\0' : *at_;
  }

  /// A string; `text` points into the source or, where it has escapes, into `scratch`.
  [[nodiscard]] bool string(std::string_view& text, std::string& scratch);
  [[nodiscard]] bool number(number_token& token);
  /// `true`, `false` or `null`.
  [[nodiscard]] bool literal(std::string_view word);

  /// Enter and leave what starts with `{` or `[`.
  [[nodiscard]] bool enter();
  void leave() noexcept { --depth_; }
  /// Before each member or element: false in `more` when the container ended with `close`. Counts on `first` for the
  /// comma.
  [[nodiscard]] bool next(char close, bool& first, bool& more);
  /// `"key":`
  [[nodiscard]] bool key(std::string_view& text, std::string& scratch);

  /// Passes over any value.
  [[nodiscard]] bool skip_value();
  /// Passes over any value and reports duplicate keys in it.
  [[nodiscard]] bool check_value();

  [[nodiscard]] const char* position() const noexcept { return at_; }
  [[nodiscard]] bool fail(std::string_view code, std::string message);

 private:
  void skip_space() noexcept {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  }
  [[nodiscard]] bool expected(std::string_view what);
  [[nodiscard]] bool unescape(std::string& out);
  [[nodiscard]] bool hex_unit(unsigned& unit);
  [[nodiscard]] bool pass(bool unique_keys);
  [[nodiscard]] bool pass_object(bool unique_keys);
  [[nodiscard]] bool pass_array(bool unique_keys);

  const char* start_;
  const char* at_;
  const char* end_;
  std::size_t depth_ = 0;
  std::size_t deepest_;
  problems& found_;
  std::string scratch_;
};

}  // namespace nxg::schema::detail
