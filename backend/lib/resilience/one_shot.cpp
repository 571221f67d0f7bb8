#include "resilience/one_shot.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include <mutex>
#include <optional>

namespace nxg::resilience {

namespace asio = boost::asio;

struct one_shot::state {
  std::mutex mutex;
  std::optional<int> value;
  bool abandoned = false;
  /// The waiter sleeps on a timer of its own, in its frame: a context that is destroyed takes the waiter with it, which
  /// a handler kept here would prevent.
  asio::steady_timer* sleeping = nullptr;
};

one_shot::one_shot() : state_{std::make_shared<state>()} {}

bool one_shot::fire(int value) const {
  const std::lock_guard lock{state_->mutex};
  if (state_->value || state_->abandoned) return false;
  state_->value = value;
  if (state_->sleeping != nullptr) {
    asio::post(state_->sleeping->get_executor(), [shared = state_] {
      const std::lock_guard wake{shared->mutex};
      if (shared->sleeping != nullptr) shared->sleeping->cancel();
    });
  }
  return true;
}

task<int> one_shot::wait() const {
  const auto shared = state_;
  asio::steady_timer sleeping{co_await asio::this_coro::executor, asio::steady_timer::time_point::max()};
  struct place {
    explicit place(state& s) : of{s} {}
    place(const place&) = delete;
    place& operator=(const place&) = delete;
    ~place() {
      const std::lock_guard lock{of.mutex};
      of.sleeping = nullptr;
      of.abandoned = true;
    }
    state& of;
  };
  const place here{*shared};
  {
    const std::lock_guard lock{shared->mutex};
    const auto already = shared->value;
    if (already) co_return *already;
    shared->sleeping = &sleeping;
  }
  try {
    co_await sleeping.async_wait(asio::use_awaitable);
  } catch (const boost::system::system_error&) {
    // Fired or cancelled; the value tells, and wins: whoever fired it gave something away.
  }
  const std::lock_guard lock{shared->mutex};
  shared->abandoned = true;
  const auto fired = shared->value;
  if (!fired) throw boost::system::system_error{asio::error::operation_aborted};
  co_return *fired;
}

}  // namespace nxg::resilience
