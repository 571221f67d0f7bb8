#pragma once

#include "runtime/clock.hpp"
#include "runtime/timer.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace nxg::socketio {

/// Something that is to happen at a time; a part of whatever waits, 24 bytes. Cancelled before it is destroyed.
class deadline {
 public:
  deadline() = default;
  deadline(const deadline&) = delete;
  deadline& operator=(const deadline&) = delete;
  virtual ~deadline() = default;
  virtual void expired(steady_instant now) = 0;

 private:
  friend class deadline_queue;
  static constexpr std::size_t idle = static_cast<std::size_t>(-1);
  steady_instant when_{};
  std::size_t position_ = idle;
};

/// Deadlines in order of time: a heap whose entries know their place. Holds no entry alive; an entry is cancelled
/// before it is destroyed. No timer here.
class deadline_queue {
 public:
  /// Sets or moves it.
  void set(deadline& entry, steady_instant when);
  void cancel(deadline& entry) noexcept;
  [[nodiscard]] std::optional<steady_instant> next() const noexcept;
  /// Calls `expired` of all that have come, earliest first; each is out of the queue when it is called.
  void run(steady_instant now);

 private:
  void up(std::size_t at) noexcept;
  void down(std::size_t at) noexcept;
  void put(std::size_t at, deadline* entry) noexcept;

  std::vector<deadline*> heap_;
};

/// The deadlines of one core on one timer. Used on that core only.
class core_deadlines {
 public:
  core_deadlines(executor where, runtime::clock& time);
  ~core_deadlines();

  void set(deadline& entry, steady_instant when);
  void cancel(deadline& entry) noexcept { queue_.cancel(entry); }
  [[nodiscard]] steady_instant now() const noexcept { return time_.steady(); }
  /// Nothing expires any more. While the loop still exists: what outlives it has no timer of it left to destroy.
  void retire() { timer_.reset(); }

 private:
  void arm();

  runtime::clock& time_;
  std::optional<runtime::timer> timer_;
  deadline_queue queue_;
  std::optional<steady_instant> armed_;
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace nxg::socketio
