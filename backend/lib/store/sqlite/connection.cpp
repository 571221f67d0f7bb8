#include "store/sqlite/connection.hpp"

#include "store/sqlite/members.hpp"

#include <utility>

namespace nxg::store::sqlite {

namespace {

constexpr std::size_t most_statements = 512;  // per connection; past that all are prepared anew
constexpr int steps_between_checks = 4'000;

std::string quote_with(char mark, std::string_view text) {
  std::string out{mark};
  for (const char c : text) {
    if (c == mark) out += c;
    out += c;
  }
  return out += mark;
}

}  // namespace

std::string identifier(std::string_view name) { return quote_with('"', name); }
std::string literal(std::string_view text) { return quote_with('\'', text); }

error to_error(const failed& what, const std::filesystem::path& file) {
  const std::string name = file.string();
  const auto unavailable = [](const std::string& sentence) { return error{failure::unavailable, sentence}; };
  switch (what.code()) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return {failure::busy, "another process keeps " + name + " locked"};
    case SQLITE_INTERRUPT: return {failure::busy, "the query took longer than its time"};
    case SQLITE_FULL: return unavailable("the disk that holds " + name + " is full");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH: return unavailable(name + " cannot be written: it or its folder is read-only");
    case SQLITE_CANTOPEN: return unavailable(name + " cannot be opened: " + what.what());
    case SQLITE_CORRUPT: return unavailable(name + " is damaged; restore it from a backup");
    case SQLITE_NOTADB: return unavailable(name + " is no SQLite database");
    case SQLITE_IOERR: return unavailable("reading or writing " + name + " failed: " + what.what());
    case SQLITE_NOMEM: return unavailable("out of memory while working on " + name);
    default: break;
  }
  const std::string_view message = what.what();
  if (message.starts_with("no such table") || message.starts_with("no such column")) {
    return unavailable(name + " lacks what a collection declares (" + what.what() + "): run migrate first");
  }
  return unavailable(name + ": " + what.what());
}

run::~run() {
  if (statement_) {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
}

run& run::bind(std::int64_t value) {
  sqlite3_bind_int64(statement_, next_++, value);
  return *this;
}
run& run::bind(double value) {
  sqlite3_bind_double(statement_, next_++, value);
  return *this;
}
run& run::bind(std::string_view value) {
  sqlite3_bind_text64(statement_, next_++, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}
run& run::bind_null() {
  sqlite3_bind_null(statement_, next_++);
  return *this;
}

run& run::bind(const document_value& value) {
  if (const auto* integer = value.get_if<std::int64_t>()) return bind(*integer);
  if (const auto* real = value.get_if<double>()) return bind(*real);
  if (const auto* text = value.get_if<std::string>()) return bind(std::string_view{*text});
  if (const auto* flag = value.get_if<bool>()) return bind(std::int64_t{*flag});
  return bind_null();
}

bool run::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  sqlite3* handle = sqlite3_db_handle(statement_);
  throw failed{sqlite3_extended_errcode(handle), sqlite3_errmsg(handle)};
}

std::int64_t run::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string_view run::text(int column) const {
  const auto* begin = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return {begin ? begin : "", static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

bool run::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

connection::connection(const std::filesystem::path& file, access how, std::chrono::milliseconds busy_time_out) {
  const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (how == access::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE);
  const int code = sqlite3_open_v2(file.c_str(), &handle_, flags, nullptr);
  if (code != SQLITE_OK) {
    const failed why{code, handle_ ? sqlite3_errmsg(handle_) : "out of memory"};
    sqlite3_close_v2(handle_);
    throw why;
  }
  try {
    sqlite3_busy_timeout(handle_, static_cast<int>(busy_time_out.count()));
    find_members_quickly(handle_);
    sqlite3_progress_handler(handle_, steps_between_checks, &progress, this);
    if (how == access::write) {
      execute(
          "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;"
          "PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864");
    } else {
      execute("PRAGMA query_only=1; PRAGMA cache_size=-6000");
    }
    execute("PRAGMA temp_store=MEMORY");
  } catch (...) {
    forget_statements();
    sqlite3_close_v2(handle_);
    throw;
  }
}

connection::~connection() {
  forget_statements();
  sqlite3_close_v2(handle_);
}

void connection::fail(int code) const {
  throw failed{sqlite3_extended_errcode(handle_) ? sqlite3_extended_errcode(handle_) : code, sqlite3_errmsg(handle_)};
}

void connection::execute(const std::string& sql) {
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

run connection::prepare(const std::string& sql, bool* fresh) {
  auto known = statements_.find(sql);
  if (fresh) *fresh = known == statements_.end();
  if (known == statements_.end()) {
    if (statements_.size() >= most_statements) forget_statements();
    sqlite3_stmt* made = nullptr;
    const int code = sqlite3_prepare_v3(handle_, sql.c_str(), static_cast<int>(sql.size() + 1),
                                        SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    if (code != SQLITE_OK) fail(code);
    known = statements_.emplace(sql, made).first;
  }
  return run{known->second};
}

void connection::forget_statements() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  statements_.clear();
}

std::int64_t connection::changes() const noexcept { return sqlite3_changes64(handle_); }
bool connection::autocommit() const noexcept { return sqlite3_get_autocommit(handle_) != 0; }

void connection::set_interrupt(std::function<bool()> should_end) { should_end_ = std::move(should_end); }

int connection::progress(void* self) {
  const auto& should_end = static_cast<connection*>(self)->should_end_;
  return should_end && should_end() ? 1 : 0;
}

}  // namespace nxg::store::sqlite
