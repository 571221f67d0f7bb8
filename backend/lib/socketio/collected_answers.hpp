#pragma once

#include "runtime/clock.hpp"
#include "socketio/adapter.hpp"
#include "socketio/answer_wait.hpp"
#include "socketio/socket.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace nxg::socketio::detail {

/// Gathers the answers to a broadcast until all have come or the time is over.
class collected_answers final : public answer_sink, public std::enable_shared_from_this<collected_answers> {
 public:
  collected_answers(executor where, runtime::clock& time, std::chrono::milliseconds timeout)
      : wait_{std::move(where), time, time.steady() + timeout + grace} {}

  void expect_processes(std::size_t count) override {
    change([count](collected_answers& self) { self.processes_ = count; });
  }
  void expect_sockets(std::size_t count) override {
    change([count](collected_answers& self) {
      ++self.heard_of_;
      self.sockets_ += count;
    });
  }
  void answered(event_args what) override {
    change([&what](collected_answers& self) { self.result_.answers.push_back(std::move(what)); });
  }
  void missed() override {
    change([](collected_answers& self) { ++self.missed_; });
  }

  task<> wait() {
    if (!is_done()) co_await wait_.wait();
  }
  [[nodiscard]] broadcast_answers take() {
    const std::lock_guard lock{mutex_};
    done_ = true;
    result_.complete = processes_ && heard_of_ >= *processes_;
    result_.missing = sockets_ - std::min(sockets_, result_.answers.size());
    return std::move(result_);
  }

 private:
  /// Sockets that are too late say so themselves, at the very end.
  static constexpr std::chrono::milliseconds grace{50};

  template <class Change>
  void change(Change to) {
    const std::lock_guard lock{mutex_};
    if (done_) return;
    to(*this);
    if (!all_are_there()) return;
    done_ = true;
    wait_.end(shared_from_this());
  }
  [[nodiscard]] bool all_are_there() const noexcept {
    return processes_ && heard_of_ >= *processes_ && result_.answers.size() + missed_ >= sockets_;
  }
  [[nodiscard]] bool is_done() {
    const std::lock_guard lock{mutex_};
    return done_;
  }

  answer_wait wait_;
  std::mutex mutex_;
  std::optional<std::size_t> processes_;
  std::size_t heard_of_ = 0;
  std::size_t sockets_ = 0;
  std::size_t missed_ = 0;
  broadcast_answers result_;
  bool done_ = false;
};

}  // namespace nxg::socketio::detail
