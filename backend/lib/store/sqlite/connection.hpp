#pragma once

#include "store/engine.hpp"

#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace nxg::store::sqlite {

/// A failure as SQLite tells it, before it is mapped.
class failed : public std::runtime_error {
 public:
  failed(int code, const std::string& message) : std::runtime_error{message}, code_{code} {}
  [[nodiscard]] int code() const noexcept { return code_ & 0xff; }
  [[nodiscard]] int extended() const noexcept { return code_; }
  [[nodiscard]] bool is_duplicate() const noexcept {
    return code_ == SQLITE_CONSTRAINT_UNIQUE || code_ == SQLITE_CONSTRAINT_PRIMARYKEY;
  }

 private:
  int code_;
};

/// The failure in the store's words. `file` is what the sentence is about.
error to_error(const failed& what, const std::filesystem::path& file);

/// A prepared statement, used for one run at a time; reset when this goes out of scope.
class run {
 public:
  explicit run(sqlite3_stmt* statement) noexcept : statement_{statement} {}
  ~run();
  run(run&& other) noexcept : statement_{std::exchange(other.statement_, nullptr)}, next_{other.next_} {}
  run& operator=(run&&) = delete;

  /// The next parameter. Text is bound where it stands: it has to live until the run is over.
  run& bind(std::int64_t value);
  run& bind(double value);
  run& bind(std::string_view value);
  run& bind_null();
  /// A scalar of a predicate.
  run& bind(const document_value& value);

  /// True while there is a row. Throws `failed`.
  bool step();
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] bool is_null(int column) const;

 private:
  sqlite3_stmt* statement_;
  int next_ = 1;
};

enum class access : std::uint8_t { read, write };

/// One connection, used by one thread at a time, with its prepared statements.
class connection {
 public:
  /// Throws `failed`.
  connection(const std::filesystem::path& file, access how, std::chrono::milliseconds busy_time_out);
  ~connection();
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  /// Runs statements without results.
  void execute(const std::string& sql);
  /// The statement, prepared once and kept. `fresh` tells whether it was prepared now.
  run prepare(const std::string& sql, bool* fresh = nullptr);
  void forget_statements();

  [[nodiscard]] std::int64_t changes() const noexcept;
  /// False inside a transaction.
  [[nodiscard]] bool autocommit() const noexcept;

  /// Asked every few thousand steps of a statement; true ends it with SQLITE_INTERRUPT.
  void set_interrupt(std::function<bool()> should_end);

 private:
  [[noreturn]] void fail(int code) const;
  static int progress(void* self);

  sqlite3* handle_ = nullptr;
  std::function<bool()> should_end_;
  std::unordered_map<std::string, sqlite3_stmt*> statements_;
};

/// Identifier and text literal.
std::string identifier(std::string_view name);
std::string literal(std::string_view text);

}  // namespace nxg::store::sqlite
