#include "runtime/timer.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <optional>
#include <utility>

namespace nxg::runtime {

namespace asio = boost::asio;

struct timer::state : std::enable_shared_from_this<state> {
  state(executor where, clock& source) : time{source}, waiting{where} {}

  void arm(steady_instant until, std::move_only_function<void(bool)> callback) {
    finish(false);
    when = until;
    then = std::move(callback);
    if (time.adjustable() && !watched) {
      watched = time.watch([weak = weak_from_this(), where = waiting.get_executor()] {
        asio::post(where, [weak] {
          if (const auto self = weak.lock(); self && self->then) self->wait();
        });
      });
    }
    wait();
  }

  /// What the loop calls. A loop that is destroyed instead takes whoever waits with it: a coroutine in `then` holds
  /// this state by its timer, and they would keep each other.
  class alarm {
   public:
    explicit alarm(std::shared_ptr<state> of) : of_{std::move(of)}, armed_{++of_->generation} {}
    alarm(alarm&&) noexcept = default;
    alarm(const alarm&) = delete;
    alarm& operator=(alarm&&) = delete;
    alarm& operator=(const alarm&) = delete;
    ~alarm() {
      if (of_ && armed_ == of_->generation) of_->abandon();
    }
    void operator()(boost::system::error_code) {
      const auto self = std::exchange(of_, nullptr);
      if (armed_ == self->generation && self->then) self->rung();
    }

   private:
    std::shared_ptr<state> of_;
    std::uint64_t armed_;
  };

  void wait() {
    // The remaining time is taken from our clock, so a jump of it only means to wait again.
    waiting.expires_after(when - time.steady());
    waiting.async_wait(alarm{shared_from_this()});
  }

  void rung() {
    if (time.steady() >= when) {
      finish(true);
    } else {
      wait();
    }
  }

  void abandon() {
    if (const auto id = std::exchange(watched, std::nullopt)) time.unwatch(*id);
    const auto dropped = std::exchange(then, nullptr);
  }

  void finish(bool fired) {
    ++generation;
    if (const auto id = std::exchange(watched, std::nullopt)) time.unwatch(*id);
    if (auto callback = std::exchange(then, nullptr)) {
      if (fired) {
        callback(true);
      } else {
        asio::post(waiting.get_executor(), [callback = std::move(callback)]() mutable { callback(false); });
      }
    }
  }

  clock& time;
  asio::steady_timer waiting;
  steady_instant when{};
  std::move_only_function<void(bool)> then;
  std::optional<clock::registration> watched;
  std::uint64_t generation = 0;
};

timer::timer(executor where, clock& time) : state_{std::make_shared<state>(std::move(where), time)} {}
timer::timer(timer&&) noexcept = default;
timer& timer::operator=(timer&&) noexcept = default;
timer::~timer() {
  if (state_) cancel();
}

void timer::async_wait(steady_instant when, std::move_only_function<void(bool)> then) {
  state_->arm(when, std::move(then));
}

void timer::cancel() {
  state_->finish(false);
  state_->waiting.cancel();
}

task<bool> timer::wait_until(steady_instant when) {
  auto start = [this, when](auto handler) {
    auto slot = asio::get_associated_cancellation_slot(handler);
    auto aborted = std::make_shared<bool>(false);
    if (slot.is_connected()) {
      slot.assign([weak = std::weak_ptr{state_}, aborted](asio::cancellation_type) {
        *aborted = true;
        if (const auto self = weak.lock()) {
          self->finish(false);
          self->waiting.cancel();
        }
      });
    }
    async_wait(when, [handler = std::move(handler), aborted](bool fired) mutable {
      std::move(handler)(*aborted ? asio::error::operation_aborted : boost::system::error_code{}, fired);
    });
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(boost::system::error_code, bool)>(
      start, asio::use_awaitable);
}

task<bool> timer::wait_for(std::chrono::nanoseconds how_long) {
  co_return co_await wait_until(state_->time.steady() + how_long);
}

task<void> sleep_for(clock& time, std::chrono::nanoseconds how_long) {
  timer pause{co_await asio::this_coro::executor, time};
  co_await pause.wait_for(how_long);
}

}  // namespace nxg::runtime
