#include "store/sqlite/members.hpp"

#include "runtime/json_special.hpp"

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <string_view>

namespace nxg::store::sqlite {

namespace {

/// What an operator makes of a member.
enum class wanted : std::uint8_t {
  value,  ///< `->>`
  json,   ///< `->`
};

/// SQLite's own way, on a connection of its own, where the operator still is SQLite's.
class builtin {
 public:
  explicit builtin(wanted what) noexcept : what_{what} {}
  builtin(const builtin&) = delete;
  builtin& operator=(const builtin&) = delete;
  ~builtin() {
    sqlite3_finalize(query_);
    sqlite3_close(handle_);
  }

  [[nodiscard]] wanted what() const noexcept { return what_; }

  void answer(sqlite3_context* to, sqlite3_value* document, sqlite3_value* path) {
    if (query_ == nullptr && !open()) return sqlite3_result_error(to, sqlite3_errmsg(handle_), -1);
    sqlite3_bind_value(query_, 1, document);
    sqlite3_bind_value(query_, 2, path);
    if (sqlite3_step(query_) == SQLITE_ROW) {
      sqlite3_result_value(to, sqlite3_column_value(query_, 0));
    } else {
      sqlite3_result_error(to, sqlite3_errmsg(handle_), -1);
    }
    sqlite3_reset(query_);
    sqlite3_clear_bindings(query_);
  }

 private:
  bool open() {
    return sqlite3_open(":memory:", &handle_) == SQLITE_OK &&
           sqlite3_prepare_v2(handle_, what_ == wanted::value ? "SELECT ?1 ->> ?2" : "SELECT ?1 -> ?2", -1, &query_,
                              nullptr) == SQLITE_OK;
  }

  wanted what_;
  sqlite3* handle_ = nullptr;
  sqlite3_stmt* query_ = nullptr;
};

/// Walks over a document. Where it meets what it does not know it says `lost`.
class walker {
 public:
  explicit walker(std::string_view text) noexcept : rest_{text} {}

  enum class outcome : std::uint8_t { found, absent, lost };

  /// In an object: to the value of that member.
  outcome enter(std::string_view name) noexcept {
    if (!take('{')) return outcome::lost;
    if (take('}')) return outcome::absent;
    do {
      const auto key = string();
      if (!key || !take(':')) return outcome::lost;
      if (*key == name) return outcome::found;
      if (!pass_value()) return outcome::lost;
    } while (take(','));
    return take('}') ? outcome::absent : outcome::lost;
  }

  /// The text between quotes; nothing for a string with escapes.
  std::optional<std::string_view> string() noexcept {
    if (!take('"')) return std::nullopt;
    const auto text = rest_.substr(0, special());
    rest_.remove_prefix(text.size());
    return take('"') ? std::optional{text} : std::nullopt;
  }

  /// What stands there up to the next comma or bracket: a number or a word.
  [[nodiscard]] std::string_view word() const noexcept {
    const auto end = std::min(rest_.find_first_of(",}]"), rest_.size());
    return rest_.substr(0, end);
  }

  /// The whole value.
  std::optional<std::string_view> value() noexcept {
    const auto from = rest_;
    if (!pass_value()) return std::nullopt;
    return from.substr(0, from.size() - rest_.size());
  }

 private:
  bool take(char c) noexcept {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::size_t special() const noexcept {
    const auto* const end = rest_.data() + rest_.size();
    return static_cast<std::size_t>(runtime::find_json_special(rest_.data(), end) - rest_.data());
  }
  bool pass_string() noexcept {
    for (rest_.remove_prefix(1);;) {
      rest_.remove_prefix(special());
      if (take('"')) return true;
      if (rest_.size() < 2 || rest_.front() != '\\') return false;
      rest_.remove_prefix(2);
    }
  }
  bool pass_value() noexcept {
    if (rest_.starts_with('"')) return pass_string();
    if (!rest_.starts_with('{') && !rest_.starts_with('[')) {
      rest_.remove_prefix(word().size());
      return true;
    }
    for (std::size_t depth = 0; !rest_.empty();) {
      const char c = rest_.front();
      if (c == '"') {
        if (!pass_string()) return false;
        continue;
      }
      rest_.remove_prefix(1);
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && --depth == 0) return true;
    }
    return false;
  }

  std::string_view rest_;
};

/// The next name of a path `."a"."b"`; nothing when it is written otherwise.
std::optional<std::string_view> take_name(std::string_view& path) noexcept {
  if (!path.starts_with(".\"")) return std::nullopt;
  const auto end = path.find('"', 2);
  if (end == std::string_view::npos) return std::nullopt;
  const auto name = path.substr(2, end - 2);
  path.remove_prefix(end + 1);
  return name.find('\\') == std::string_view::npos ? std::optional{name} : std::nullopt;
}

bool answer_text(sqlite3_context* to, std::string_view text) {
  sqlite3_result_text64(to, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  return true;
}

bool answer_word(sqlite3_context* to, std::string_view word) {
  if (word == "null") return true;  // the result is NULL until something else is said
  if (word == "true" || word == "false") {
    sqlite3_result_int(to, word == "true" ? 1 : 0);
    return true;
  }
  // Beyond these, and for what has a fraction, there are rules.
  constexpr std::size_t surely_fits = 18;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc{} || end != word.data() + word.size() || word.size() > surely_fits) return false;
  sqlite3_result_int64(to, number);
  return true;
}

bool answer_json(sqlite3_context* to, std::optional<std::string_view> json) {
  constexpr unsigned is_json = 'J';  // what SQLite's own functions say of such a text
  if (!json) return false;
  answer_text(to, *json);
  sqlite3_result_subtype(to, is_json);
  return true;
}

walker::outcome walk(walker& at, std::string_view path) noexcept {
  auto found = walker::outcome::found;
  while (found == walker::outcome::found && !path.empty()) {
    const auto name = take_name(path);
    found = name ? at.enter(*name) : walker::outcome::lost;
  }
  return found;
}

/// False when it is for SQLite to answer.
bool answer_quickly(sqlite3_context* to, wanted what, std::string_view document, std::string_view path) {
  if (!path.starts_with("$.")) return false;
  walker at{document};
  switch (walk(at, path.substr(1))) {
    case walker::outcome::absent: return true;
    case walker::outcome::lost: return false;
    case walker::outcome::found: break;
  }
  if (what == wanted::json) return answer_json(to, at.value());
  if (const auto text = at.string()) return answer_text(to, *text);
  return answer_word(to, at.word());
}

std::string_view text_of(sqlite3_value* value) {
  const auto* const text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return {text, static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

void find_member(sqlite3_context* to, int, sqlite3_value** arguments) {
  auto& own = *static_cast<builtin*>(sqlite3_user_data(to));
  const bool texts = sqlite3_value_type(arguments[0]) == SQLITE_TEXT && sqlite3_value_type(arguments[1]) == SQLITE_TEXT;
  if (!texts || !answer_quickly(to, own.what(), text_of(arguments[0]), text_of(arguments[1])))
    own.answer(to, arguments[0], arguments[1]);
}

void replace(sqlite3* on, const char* name, wanted what) {
  constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS
#ifdef SQLITE_RESULT_SUBTYPE
                        | SQLITE_RESULT_SUBTYPE
#endif
      ;
  sqlite3_create_function_v2(on, name, 2, flags, std::make_unique<builtin>(what).release(), &find_member, nullptr,
                             nullptr, [](void* own) { delete static_cast<builtin*>(own); });
}

}  // namespace

void find_members_quickly(sqlite3* on) {
  replace(on, "->>", wanted::value);
  replace(on, "->", wanted::json);
}

bool surely_lacks(std::string_view document, std::string_view name) {
  return walker{document}.enter(name) == walker::outcome::absent;
}

}  // namespace nxg::store::sqlite
