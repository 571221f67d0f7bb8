#pragma once

#include "runtime/clock.hpp"
#include "runtime/task.hpp"

#include <chrono>
#include <cstddef>

namespace nxg::runtime {

/// How long a loop may rest between messages that come in a stream, so that it is woken once for several of them. No
/// I/O here.
class rest_rule {
 public:
  /// Longest rest. Nothing rests when not even two messages are to be expected in it.
  explicit rest_rule(std::chrono::nanoseconds longest) noexcept : longest_{longest} {}

  /// So many messages were served since this was asked last.
  [[nodiscard]] std::chrono::nanoseconds after(std::size_t served, steady_instant now) noexcept;

 private:
  std::chrono::nanoseconds longest_;
  std::chrono::nanoseconds gap_{std::chrono::milliseconds{20}};  // between messages, smoothed
  steady_instant last_{};
};

/// Rests of one loop. Being woken for a small message costs more than serving it: two switches of threads, and as many
/// again for each message from another loop. Where messages come by the thousand a second and may wait for a moment,
/// the loop rests after some, and then serves all that came meanwhile in one turn; whatever else that loop does waits
/// with them. Where they come seldom it never rests.
class rests {
 public:
  /// `where` is a single-threaded `io_context`'s (others never rest), and this lives until it runs no more.
  rests(executor where, std::chrono::nanoseconds longest) : where_{std::move(where)}, rule_{longest} {}
  rests(const rests&) = delete;
  rests& operator=(const rests&) = delete;

  /// A message that might have waited was served. On that loop, which may rest when this turn is over.
  void served();
  [[nodiscard]] const executor& where() const noexcept { return where_; }

 private:
  void rest();

  executor where_;
  rest_rule rule_;
  std::size_t served_ = 0;  // since the rule was asked
  bool wished_ = false;
};

}  // namespace nxg::runtime
