#include "telemetry/log.hpp"

#include "telemetry/json_line.hpp"
#include "telemetry/scrub.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

namespace nxg::telemetry {

namespace {

constexpr std::size_t longest_line = 16 * 1024;
constexpr std::size_t max_remembered_texts = 256;

/// When a repeated line was last written, and how many were left out since.
class repetitions {
 public:
  /// The number left out before this one; nothing when this one is to be left out too.
  std::optional<std::uint64_t> admit(std::string_view text, steady_instant now, std::chrono::seconds every) {
    const std::lock_guard lock{mutex_};
    auto known = texts_.find(std::hash<std::string_view>{}(text));
    if (known == texts_.end()) {
      if (texts_.size() >= max_remembered_texts) texts_.clear();
      texts_.emplace(std::hash<std::string_view>{}(text), entry{now + every, 0});
      return 0;
    }
    if (now < known->second.next) {
      ++known->second.suppressed;
      return std::nullopt;
    }
    known->second.next = now + every;
    return std::exchange(known->second.suppressed, 0);
  }

 private:
  struct entry {
    steady_instant next;
    std::uint64_t suppressed;
  };
  std::mutex mutex_;
  std::unordered_map<std::size_t, entry> texts_;
};

}  // namespace

struct logger::core {
  std::shared_ptr<log_sink> sink;
  runtime::clock& time;
  std::atomic<log_level> least;
  repetitions repeated{};
};

logger::logger(std::shared_ptr<log_sink> sink, runtime::clock& time, log_level least)
    : core_{std::make_shared<core>(std::move(sink), time, least)} {}

logger logger::none() { return logger{std::shared_ptr<core>{}}; }

bool logger::enabled(log_level level) const noexcept {
  return core_ && level >= core_->least.load(std::memory_order_relaxed);
}

void logger::set_level(log_level least) noexcept {
  if (core_) core_->least = least;
}

void logger::flush() const noexcept {
  if (core_) core_->sink->flush();
}

void logger::write(log_level level, std::string_view text, std::span<const field> fields) const noexcept {
  if (!enabled(level)) return;
  try {
    std::string line;
    line.reserve(256 + context_.size());
    line += R"({"time":")";
    append_instant(line, core_->time.now());
    line += R"(","level":")";
    line += name_of(level);
    line += R"(","message":)";
    append_json_text(line, scrub_text(text));
    line += context_;
    for (const auto& one : fields) {
      const std::size_t before = line.size();
      append_field(line, one);
      if (line.size() > longest_line) {
        line.resize(before);
        line += R"(,"cut":true)";
        break;
      }
    }
    line += '}';
    core_->sink->write(level, line);
  } catch (...) {  // out of memory; a line less is all that may come of it
  }
}

void logger::repeated(log_level level, std::string_view text, std::initializer_list<field> fields,
                      std::chrono::seconds every) const noexcept {
  if (!enabled(level)) return;
  try {
    const auto suppressed = core_->repeated.admit(text, core_->time.steady(), every);
    if (!suppressed) return;
    if (*suppressed == 0) return write(level, text, fields);
    with({{"suppressed", *suppressed}}).write(level, text, fields);
  } catch (...) {  // as in write
  }
}

logger logger::with(std::initializer_list<field> fields) const {
  logger more = *this;
  for (const auto& one : fields) {
    if (more.context_.size() < longest_line / 2) append_field(more.context_, one);
  }
  return more;
}

std::string text_of(const std::exception_ptr& error) {
  if (!error) return "no error";
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& known) {
    std::string text = known.what();
    try {
      std::rethrow_if_nested(known);
    } catch (...) {
      text += ": " + text_of(std::current_exception());
    }
    return text;
  } catch (const std::string& text) {
    return text;
  } catch (const char* text) {
    return text;
  } catch (...) {
    return "an exception of unknown type";
  }
}

}  // namespace nxg::telemetry
