#pragma once

#include "repositories/journal.hpp"
#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "runtime/task.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace nxg::samples {

struct journal_options {
  /// A flush waits at most that long for company, or until it holds that much.
  std::chrono::milliseconds flush_after{20};
  std::size_t flush_bytes = std::size_t{1} << 20;
  /// Text that waits because the store does not keep up; beyond it samples are not taken.
  std::size_t most_waiting_bytes = std::size_t{16} << 20;
  std::size_t most_inserts = 4;
  /// An insert is tried again that long, then its samples are sent back to their machines.
  std::chrono::milliseconds give_up_after{5'000};
  /// Unfolded segments in the store, by number and age; beyond either samples are not taken.
  std::uint64_t most_segments = 20'000;
  std::chrono::seconds oldest_segment{600};
};

/// Makes samples durable: what all connections of a process brought within 20 ms becomes one document. Thread-safe.
class journal {
 public:
  enum class outcome : std::uint8_t {
    durable,
    not_taken,  ///< nothing is known to be written: the machine keeps its samples and sends them again
  };
  using completion = std::move_only_function<void(outcome)>;

  /// `where`: the core its timer and its inserts run on. `process` names this process in the segments.
  journal(executor where, journal_repository& segments, runtime::clock& time, runtime::random& random,
          telemetry::metrics& metrics, telemetry::logger log, std::string process, journal_options options = {});
  ~journal();
  journal(const journal&) = delete;
  journal& operator=(const journal&) = delete;

  /// Whether samples are taken now.
  [[nodiscard]] bool accepts() const;
  /// Takes text of `models/sample_text.hpp` (whole groups), and calls `then` on `resume_on` when it is durable or was
  /// not taken; never from inside this call.
  void append(std::string_view text, std::int64_t samples, const executor& resume_on, completion then);

  /// What the store holds unfolded, told every second by whoever folds.
  void set_backlog(std::uint64_t segments, std::chrono::milliseconds age_of_oldest);

  /// Takes nothing more, and returns when what was taken is durable or was given up.
  task<void> stop();

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace nxg::samples
