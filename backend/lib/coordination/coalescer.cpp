#include "coordination/coalescer.hpp"

#include "resilience/one_shot.hpp"

#include <boost/asio/this_coro.hpp>

#include <utility>

namespace nxg::coordination {

namespace asio = boost::asio;

namespace {
enum wake_up : int { done, your_turn };
}  // namespace

struct coalescer::waiter {
  resilience::one_shot turn;
  std::exception_ptr thrown = {};
};

/// Whoever runs holds it; lost without an end, those who shared the run get another.
class coalescer::leadership {
 public:
  leadership(coalescer& of, const std::string& key) : of_{of}, key_{key} { of_.begin(key_); }
  leadership(const leadership&) = delete;
  leadership& operator=(const leadership&) = delete;
  ~leadership() {
    if (!ended_) of_.give_up(key_);
  }
  void end(const std::exception_ptr& thrown) {
    ended_ = true;
    of_.end(key_, thrown);
  }

 private:
  coalescer& of_;
  const std::string& key_;
  bool ended_ = false;
};

task<void> coalescer::run(const std::string& key, const work& make) {
  const auto me = std::make_shared<waiter>();
  bool first = false;
  {
    const std::lock_guard lock{mutex_};
    const auto [at, made] = lanes_.try_emplace(key);
    first = made;
    if (!first) at->second.waiting.push_back(me);
  }
  int woken = your_turn;
  if (!first) woken = co_await me->turn.wait();
  if (woken == done) {
    if (me->thrown) std::rethrow_exception(me->thrown);
    co_return;
  }

  // No suspension between having the turn and this: a cancelled leader must not leave the others waiting.
  leadership leader{*this, key};
  std::exception_ptr thrown;
  try {
    co_await make();
  } catch (...) {
    thrown = std::current_exception();
  }
  const auto cancelled = (co_await asio::this_coro::cancellation_state).cancelled();
  if (thrown && cancelled != asio::cancellation_type::none) std::rethrow_exception(thrown);
  leader.end(thrown);
  if (thrown) std::rethrow_exception(thrown);
}

void coalescer::begin(const std::string& key) {
  const std::lock_guard lock{mutex_};
  auto& mine = lanes_.find(key)->second;
  mine.joined = std::exchange(mine.waiting, {});
}

void coalescer::end(const std::string& key, const std::exception_ptr& thrown) {
  const std::lock_guard lock{mutex_};
  for (const auto& one : std::exchange(lanes_.find(key)->second.joined, {})) {
    one->thrown = thrown;
    one->turn.fire(done);
  }
  pass_on(key);
}

void coalescer::give_up(const std::string& key) {
  const std::lock_guard lock{mutex_};
  auto& mine = lanes_.find(key)->second;
  mine.waiting.splice(mine.waiting.begin(), mine.joined);
  pass_on(key);
}

void coalescer::pass_on(const std::string& key) {
  const auto at = lanes_.find(key);
  auto& waiting = at->second.waiting;
  while (!waiting.empty()) {
    const bool given = waiting.front()->turn.fire(your_turn);
    waiting.pop_front();
    if (given) return;
  }
  lanes_.erase(at);
}

}  // namespace nxg::coordination
