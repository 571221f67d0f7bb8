#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nxg::utilities {

inline constexpr std::size_t min_password_length = 10;
inline constexpr std::size_t max_password_length = 128;

struct password_problem {
  /// `too_short`, `too_long`, `too_simple`, `too_common`, `contains_account`.
  std::string_view code;
  std::string_view message;
};

/// What is wrong with a new password, if anything. Lengths count code points. There are no rules of composition:
/// what is refused is what is guessed first (repetitions, sequences, the commonest words with the usual
/// decorations) and what holds one of `own_words`: user name, e-mail address, name.
[[nodiscard]] std::optional<password_problem> problem_of_password(std::string_view password,
                                                                  std::span<const std::string_view> own_words);

}  // namespace nxg::utilities
