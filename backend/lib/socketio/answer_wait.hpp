#pragma once

#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "runtime/timer.hpp"

#include <boost/asio/post.hpp>

#include <memory>
#include <utility>

namespace nxg::socketio::detail {

/// Lets one coroutine wait until somebody, on whatever thread, says that it need not, or until its time. The timer is
/// the coroutine's: whoever is the last to let go of the rest may be on another thread.
class answer_wait {
 public:
  answer_wait(executor where, runtime::clock& time, steady_instant until)
      : where_{std::move(where)}, time_{time}, until_{until} {}

  /// On `where`, unless it is over already.
  task<> wait() {
    runtime::timer limit{where_, time_};
    const waiting_place place{*this, limit};
    co_await limit.wait_until(until_);
  }
  /// From any thread; `self` holds this.
  template <class Owner>
  void end(std::shared_ptr<Owner> self) {
    boost::asio::post(where_, [this, self = std::move(self)] {
      if (waiting_ != nullptr) waiting_->cancel();
    });
  }

 private:
  struct waiting_place {
    waiting_place(answer_wait& in, runtime::timer& one) : of{in} { of.waiting_ = &one; }
    ~waiting_place() { of.waiting_ = nullptr; }
    waiting_place(const waiting_place&) = delete;
    waiting_place& operator=(const waiting_place&) = delete;
    answer_wait& of;
  };
  executor where_;
  runtime::clock& time_;
  steady_instant until_;
  runtime::timer* waiting_ = nullptr;  // on `where_` only
};

}  // namespace nxg::socketio::detail
