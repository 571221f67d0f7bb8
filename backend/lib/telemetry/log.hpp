#pragma once

#include "runtime/clock.hpp"
#include "runtime/uuid.hpp"

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace nxg::telemetry {

enum class log_level : std::uint8_t { debug, info, warn, error };

/// Marks a value that must never appear; the line says `"[redacted]"`, so that its presence can still be seen.
/// Takes anything and keeps nothing.
struct redacted {
  redacted() = default;
  template <class T>
  explicit redacted(const T&) noexcept {}
};

/// One structured field of a log line: `{"machineId", id}`. Keys are camelCase. The value is only referred to,
/// not copied: a field lives no longer than the call it is an argument of.
///
/// A text or number under a key that names a secret, a token, an address or a health value (see `telemetry/scrub.hpp`)
/// is replaced by `"[redacted]"`; tokens and e-mail addresses inside other texts are replaced too.
class field {
 public:
  using value = std::variant<std::nullptr_t, bool, std::int64_t, std::uint64_t, double, std::string_view, redacted,
                             uuid, instant, std::chrono::duration<double, std::milli>>;

  field(std::string_view key, std::string_view text) : key_{key}, value_{text} {}
  field(std::string_view key, const std::string& text) : key_{key}, value_{std::string_view{text}} {}
  field(std::string_view key, const char* text) : key_{key}, value_{std::string_view{text}} {}
  field(std::string_view key, std::nullptr_t) : key_{key} {}
  field(std::string_view key, std::same_as<bool> auto yes) : key_{key}, value_{yes} {}
  field(std::string_view key, std::signed_integral auto number)
      : key_{key}, value_{static_cast<std::int64_t>(number)} {}
  field(std::string_view key, std::unsigned_integral auto number)
    requires(!std::same_as<decltype(number), bool>)
      : key_{key}, value_{static_cast<std::uint64_t>(number)} {}
  field(std::string_view key, std::floating_point auto number) : key_{key}, value_{static_cast<double>(number)} {}
  field(std::string_view key, redacted hidden) : key_{key}, value_{hidden} {}
  field(std::string_view key, const uuid& id) : key_{key}, value_{id} {}
  field(std::string_view key, instant when) : key_{key}, value_{when} {}
  /// Written as a number of milliseconds; let the key end in `Ms`.
  template <class Rep, class Period>
  field(std::string_view key, std::chrono::duration<Rep, Period> how_long)
      : key_{key}, value_{std::chrono::duration<double, std::milli>{how_long}} {}

  [[nodiscard]] std::string_view key() const noexcept { return key_; }
  [[nodiscard]] const value& content() const noexcept { return value_; }

 private:
  std::string_view key_;
  value value_{nullptr};
};

/// Where finished lines go. `write` is called from any thread, must not throw and must not block.
class log_sink {
 public:
  log_sink() = default;
  log_sink(const log_sink&) = delete;
  log_sink& operator=(const log_sink&) = delete;
  virtual ~log_sink() = default;

  /// `line` is one JSON object without a line feed.
  virtual void write(log_level level, std::string_view line) noexcept = 0;
  /// Waits, at most a second, until what was written before has left the process.
  virtual void flush() noexcept {}
};

enum class log_stream : std::uint8_t { out, err };

/// Lines to standard output or standard error by a thread of its own. A stalled reader never stalls a caller: at most
/// `max_queued` lines wait, then the oldest are dropped and a line says how many.
std::shared_ptr<log_sink> make_stream_sink(log_stream stream, std::size_t max_queued = 4096);
/// Drops everything.
std::shared_ptr<log_sink> make_null_sink();

/// Writes JSON lines: `{"time":"2026-01-31T12:00:00.000Z","level":"info","message":"…","machineId":"…"}`.
///
/// Cheap to copy; copies share sink, level and the memory of repeated lines. Thread-safe. Never throws: a line that
/// cannot be made is dropped. Control characters and invalid UTF-8 are escaped, so no value can forge a line; a line
/// is cut at 16 KiB.
class logger {
 public:
  /// `time` must outlive the logger and its copies.
  logger(std::shared_ptr<log_sink> sink, runtime::clock& time, log_level least = log_level::info);
  /// A logger that writes nothing, for tests and tools.
  static logger none();

  void debug(std::string_view text, std::initializer_list<field> fields = {}) const noexcept {
    write(log_level::debug, text, fields);
  }
  void info(std::string_view text, std::initializer_list<field> fields = {}) const noexcept {
    write(log_level::info, text, fields);
  }
  void warn(std::string_view text, std::initializer_list<field> fields = {}) const noexcept {
    write(log_level::warn, text, fields);
  }
  void error(std::string_view text, std::initializer_list<field> fields = {}) const noexcept {
    write(log_level::error, text, fields);
  }
  void write(log_level level, std::string_view text, std::span<const field> fields) const noexcept;
  void write(log_level level, std::string_view text, std::initializer_list<field> fields) const noexcept {
    write(level, text, std::span<const field>{fields.begin(), fields.size()});
  }

  /// For what can happen thousands of times a second: at most one line per `every` for the same `text`; the next one
  /// carries `suppressed`, the number left out. `text` must be a constant, details go into the fields.
  void repeated(log_level level, std::string_view text, std::initializer_list<field> fields = {},
                std::chrono::seconds every = std::chrono::seconds{10}) const noexcept;

  /// A logger that adds these fields to each of its lines (`requestId`, `component`, …).
  [[nodiscard]] logger with(std::initializer_list<field> fields) const;

  [[nodiscard]] bool enabled(log_level level) const noexcept;
  /// Of this logger and all its copies.
  void set_level(log_level least) noexcept;
  void flush() const noexcept;

 private:
  struct core;
  explicit logger(std::shared_ptr<core> shared) : core_{std::move(shared)} {}
  std::shared_ptr<core> core_;
  std::string context_;
};

/// What an exception says, for a field `error`; works for what is no `std::exception` too. Nested ones are joined by ":
/// ".
std::string text_of(const std::exception_ptr& error);

}  // namespace nxg::telemetry
