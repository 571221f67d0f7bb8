#include "resilience/bulkhead.hpp"

#include "resilience/one_shot.hpp"
#include "runtime/timer.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <cstdint>
#include <list>
#include <mutex>

namespace nxg::resilience {

namespace {
enum wake_up : int { out_of_time, place_given };
}  // namespace

struct bulkhead::state {
  struct waiter {
    std::uint64_t id;
    one_shot turn;
  };
  mutable std::mutex mutex;
  std::size_t running = 0;
  std::uint64_t last_id = 0;
  std::list<waiter> waiting;

  /// Takes a waiter out of the line however its wait ends.
  class in_line {
   public:
    /// The caller holds the lock.
    in_line(state& of, const one_shot& turn) : of_{of}, id_{++of.last_id} { of.waiting.push_back({id_, turn}); }
    in_line(const in_line&) = delete;
    in_line& operator=(const in_line&) = delete;
    ~in_line() {
      const std::lock_guard lock{of_.mutex};
      std::erase_if(of_.waiting, [this](const waiter& one) { return one.id == id_; });
    }

   private:
    state& of_;
    std::uint64_t id_;
  };

  void leave() {
    const std::lock_guard lock{mutex};
    while (!waiting.empty()) {
      const bool given = waiting.front().turn.fire(place_given);
      waiting.pop_front();
      if (given) return;
    }
    --running;
  }
};

bulkhead::permit& bulkhead::permit::operator=(permit&& other) noexcept {
  if (this != &other) {
    if (const auto left = std::exchange(of_, std::move(other.of_))) left->leave();
  }
  return *this;
}

bulkhead::permit::~permit() {
  if (of_) of_->leave();
}

bulkhead::bulkhead(bulkhead_options options, runtime::clock& time)
    : options_{options}, time_{time}, state_{std::make_shared<state>()} {}
bulkhead::~bulkhead() = default;

std::optional<bulkhead::permit> bulkhead::try_enter() {
  const std::lock_guard lock{state_->mutex};
  if (state_->running >= options_.max_running) return std::nullopt;
  ++state_->running;
  return permit{state_};
}

task<std::optional<bulkhead::permit>> bulkhead::enter(steady_instant deadline) {
  if (auto now = try_enter()) co_return now;

  const auto shared = state_;
  const one_shot turn;
  std::optional<state::in_line> line;
  {
    const std::lock_guard lock{shared->mutex};
    // Between the look above and this lock a place may have become free, with nobody left to hand it over.
    if (shared->running < options_.max_running) {
      ++shared->running;
      co_return permit{shared};
    }
    if (shared->waiting.size() >= options_.max_waiting) co_return std::nullopt;
    line.emplace(*shared, turn);
  }
  runtime::timer patience{co_await boost::asio::this_coro::executor, time_};
  patience.async_wait(std::min(deadline, time_.steady() + options_.max_wait), [turn](bool fired) {
    if (fired) turn.fire(out_of_time);
  });
  const int woken = co_await turn.wait();
  if (woken == place_given) co_return permit{shared};
  co_return std::nullopt;
}

std::size_t bulkhead::running() const {
  const std::lock_guard lock{state_->mutex};
  return state_->running;
}

std::size_t bulkhead::waiting() const {
  const std::lock_guard lock{state_->mutex};
  return state_->waiting.size();
}

}  // namespace nxg::resilience
