#include "telemetry/scrub.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace nxg::telemetry {

namespace {

using namespace std::string_view_literals;

/// Sensitive wherever they occur in a name: `x-api-key`, `refreshToken`, `restingHeartRateBpm`.
constexpr std::array parts{
    // credentials
    "password"sv, "passwd"sv, "passphrase"sv, "secret"sv, "token"sv, "apikey"sv, "privatekey"sv, "masterkey"sv,
    "authorization"sv, "cookie"sv, "credential"sv, "signature"sv, "bearer"sv, "jwt"sv, "recoverycode"sv,
    // people
    "email"sv, "phone"sv, "dateofbirth"sv, "birthdate"sv, "birthday"sv, "firstname"sv, "lastname"sv, "fullname"sv,
    "displayname"sv, "username"sv, "street"sv, "latitude"sv, "longitude"sv,
    // health
    "heartrate"sv, "weightkg"sv, "heightcm"sv, "bodyfat"sv, "allerg"sv, "medical"sv, "medication"sv, "injur"sv,
    "diagnos"sv, "pregnan"sv, "bloodpressure"sv};

/// Sensitive as the whole name only: `pinned`, `conditionalHeaders` and `remoteAddress` are not.
constexpr std::array names{"pin"sv, "otp"sv,    "ssn"sv,        "sid"sv,  "pass"sv,   "pwd"sv,
                           "bmi"sv, "gender"sv, "conditions"sv, "mail"sv, "address"sv};

constexpr std::size_t longest_name = 64;

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
bool is_letter(char c) noexcept { return lower(c) >= 'a' && lower(c) <= 'z'; }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_name(char c) noexcept { return is_letter(c) || is_digit(c) || c == '_' || c == '-'; }
bool is_token(char c) noexcept { return is_name(c) || c == '.' || c == '+' || c == '/' || c == '=' || c == '~'; }
bool is_local_part(char c) noexcept { return is_name(c) || c == '.' || c == '+' || c == '%'; }
bool is_space(char c) noexcept { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
bool is_backslash(char c) noexcept { return c == '\\'; }
bool is_quote(char c) noexcept { return c == '"' || c == '\''; }
bool ends_value(char c) noexcept {
  return is_space(c) || c == '&' || c == ';' || c == ',' || c == '"' || c == '\'' || c == ')';
}

bool starts_with_word(std::string_view text, std::string_view word) noexcept {
  return text.size() >= word.size() &&
         std::equal(word.begin(), word.end(), text.begin(), [](char expected, char c) { return expected == lower(c); });
}

/// Which pairs of letters begin one of `parts`: every field of every line asks, and seldom is one there.
constexpr auto beginnings = [] {
  std::array<bool, 26 * 26> table{};
  for (const auto part : parts) table[static_cast<std::size_t>((part[0] - 'a') * 26 + part[1] - 'a')] = true;
  return table;
}();

/// Of a plain name: lower-case letters and digits.
bool begins_a_part(char first, char second) noexcept {
  return first >= 'a' && second >= 'a' && beginnings[static_cast<std::size_t>((first - 'a') * 26 + second - 'a')];
}

bool part_at(std::string_view plain) noexcept {
  // The third letter first: comparing texts by a call for each part would cost more than all the rest.
  return plain.size() > 2 && std::ranges::any_of(parts, [plain](std::string_view part) {
           return part[2] == plain[2] && plain.starts_with(part);
         });
}

/// False for most texts: nothing of what is looked for comes without one of these.
bool may_hold_something(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '@' || c == '=' || c == ':') return true;
    if (c == ' ' && at > 0 && (lower(text[at - 1]) == 'c' || lower(text[at - 1]) == 'r')) return true;  // basic, bearer
    if (c == 'J' && at > 1 && text[at - 1] == 'y' && text[at - 2] == 'e') return true;
  }
  return false;
}

/// Copies a text piece by piece, leaving out what must go.
class scrubber {
 public:
  explicit scrubber(std::string_view text) : text_{text} { result_.reserve(text.size()); }

  std::string run() {
    while (at_ < text_.size()) {
      if (starts_word() && (scheme("bearer ") || scheme("basic ") || web_token() || named_value())) continue;
      if (text_[at_] == '@' && address()) continue;
      result_ += text_[at_++];
    }
    return std::move(result_);
  }

 private:
  [[nodiscard]] bool starts_word() const { return is_letter(text_[at_]) && (at_ == 0 || !is_name(text_[at_ - 1])); }
  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }

  void replace_until(std::size_t end) {
    result_ += redaction;
    at_ = end;
  }

  template <class Allowed>
  [[nodiscard]] std::size_t run_end(std::size_t from, Allowed allowed) const {
    while (from < text_.size() && allowed(text_[from])) ++from;
    return from;
  }

  bool scheme(std::string_view word) {
    if (!starts_with_word(rest(), word)) return false;
    const std::size_t begin = at_ + word.size();
    const std::size_t end = run_end(begin, is_token);
    if (end - begin < 6) return false;
    result_ += text_.substr(at_, word.size());
    replace_until(end);
    return true;
  }

  /// Every JSON web token begins with the base64url of `{"`.
  bool web_token() {
    if (!rest().starts_with("eyJ")) return false;
    const std::size_t end = run_end(at_, is_token);
    if (text_.substr(at_, end - at_).find('.') == std::string_view::npos) return false;
    replace_until(end);
    return true;
  }

  /// `name=value`, `name: value` to the end of the line, `"name":"value"`, also inside a string of JSON: `\"name\":…`.
  bool named_value() {
    const std::size_t name_end = run_end(at_, is_name);
    if (!is_sensitive_name(text_.substr(at_, name_end - at_))) return false;
    const std::size_t mark = run_end(name_end, is_backslash);
    const bool quoted_name = mark < text_.size() && is_quote(text_[mark]);
    const std::size_t separator = run_end(quoted_name ? mark + 1 : name_end, [](char c) { return c == ' '; });
    if (separator >= text_.size() || (text_[separator] != '=' && text_[separator] != ':')) return false;
    const std::size_t begin = run_end(separator + 1, [](char c) { return c == ' '; });
    result_ += text_.substr(at_, begin - at_);
    replace_until(value_end(begin, quoted_name, text_[separator] == ':'));
    return true;
  }

  [[nodiscard]] std::size_t value_end(std::size_t begin, bool quoted_name, bool colon) const {
    const std::size_t mark = run_end(begin, is_backslash);
    if (mark < text_.size() && (text_[mark] == '"' || (text_[mark] == '\'' && (quoted_name || !colon))))
      return string_end(begin, mark);
    if (begin < text_.size() && (text_[begin] == '[' || text_[begin] == '{')) return bracket_end(begin);
    if (colon && !quoted_name) return run_end(begin, [](char c) { return c != '\n' && c != '\r'; });
    return run_end(begin, [](char c) { return !ends_value(c) && c != '}' && c != ']'; });
  }

  /// Behind the string whose quotation mark is at `mark`, with the backslashes before it that begin at `begin`: 1 in
  /// JSON that is a string itself, 3 in a string of that.
  [[nodiscard]] std::size_t string_end(std::size_t begin, std::size_t mark) const {
    const std::size_t depth = mark - begin;
    for (std::size_t at = mark + 1; at < text_.size();) {
      const std::size_t next = run_end(at, is_backslash);
      if (next < text_.size() && text_[next] == text_[mark]) {
        const std::size_t escapes = next - at;
        if (escapes < depth) return at;  // what is around it ends
        if ((escapes - depth) / (depth + 1) % 2 == 0) return next + 1;
      }
      at = next + 1;
    }
    return text_.size();
  }

  /// Behind the bracket that closes the one at `begin`.
  [[nodiscard]] std::size_t bracket_end(std::size_t begin) const {
    std::size_t open = 0;
    for (std::size_t at = begin; at < text_.size();) {
      const std::size_t next = run_end(at, is_backslash);
      if (next == text_.size()) break;
      const char c = text_[next];
      if (is_quote(c)) {
        at = string_end(at, next);
        continue;
      }
      if (c == '[' || c == '{') ++open;
      if ((c == ']' || c == '}') && --open == 0) return next + 1;
      at = next + 1;
    }
    return text_.size();
  }

  /// At an `@`: takes back the part before it that was copied already.
  bool address() {
    const std::size_t scheme_end = result_.rfind("://");
    if (scheme_end != std::string::npos && result_.find_first_of("/ \t\n", scheme_end + 3) == std::string::npos) {
      result_.resize(scheme_end + 3);
      replace_until(at_);
      return false;  // the @ and the host stay
    }
    std::size_t local = result_.size();
    while (local > 0 && is_local_part(result_[local - 1])) --local;
    const std::size_t end = run_end(at_ + 1, [](char c) { return is_name(c) || c == '.'; });
    if (local == result_.size() || end == at_ + 1) return false;
    result_.resize(local);
    replace_until(end);
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string result_;
};

}  // namespace

bool is_sensitive_name(std::string_view name) noexcept {
  std::array<char, longest_name> buffer;
  std::size_t size = 0;
  for (const char c : name) {
    if (size == buffer.size()) break;
    if (is_letter(c) || is_digit(c)) buffer[size++] = lower(c);
  }
  const std::string_view plain{buffer.data(), size};
  if (std::ranges::find(names, plain) != names.end()) return true;
  for (std::size_t at = 0; at + 1 < size; ++at) {
    if (begins_a_part(plain[at], plain[at + 1]) && part_at(plain.substr(at))) return true;
  }
  return false;
}

std::string scrub_text(std::string_view text) {
  return may_hold_something(text) ? scrubber{text}.run() : std::string{text};
}

}  // namespace nxg::telemetry
