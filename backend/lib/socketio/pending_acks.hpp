#pragma once

#include "runtime/task.hpp"
#include "socketio/deadlines.hpp"
#include "socketio/payload.hpp"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <unordered_map>

namespace nxg::socketio::detail {

/// Somebody who waits for an answer. Whoever completes it first decides; the waiting coroutine resumes on its own
/// executor. Thread-safe.
class ack_wait {
 public:
  virtual ~ack_wait() = default;
  virtual void answer(event_args what) = 0;
  virtual void fail(std::exception_ptr why) = 0;
};

/// Suspends until the wait given to `begin` is completed, or the caller is cancelled (`operation_aborted`).
[[nodiscard]] task<event_args> await_ack(std::move_only_function<void(std::shared_ptr<ack_wait>)> begin);

/// Waits of one socket by the id that the answer will carry, each with its deadline. Used on one core only.
class pending_acks {
 public:
  explicit pending_acks(core_deadlines& on) noexcept : deadlines_{on} {}
  ~pending_acks();
  pending_acks(const pending_acks&) = delete;
  pending_acks& operator=(const pending_acks&) = delete;

  void add(std::uint64_t id, std::shared_ptr<ack_wait> who, steady_instant until);
  /// An answer to nothing that waits (late, or made up) is dropped: false.
  bool answer(std::uint64_t id, event_args what);
  void fail(std::uint64_t id, std::exception_ptr why);
  void fail_all(const std::exception_ptr& why);
  [[nodiscard]] std::size_t size() const noexcept { return waits_.size(); }

 private:
  struct wait final : deadline {
    wait(pending_acks& of, std::uint64_t number, std::shared_ptr<ack_wait> someone)
        : owner{of}, id{number}, who{std::move(someone)} {}
    void expired(steady_instant now) override;
    pending_acks& owner;
    std::uint64_t id;
    std::shared_ptr<ack_wait> who;
  };
  std::shared_ptr<ack_wait> take(std::uint64_t id);

  core_deadlines& deadlines_;
  std::unordered_map<std::uint64_t, std::unique_ptr<wait>> waits_;
};

}  // namespace nxg::socketio::detail
