#include "coordination/single_flight.hpp"

#include <boost/asio/this_coro.hpp>

#include <utility>

namespace nxg::coordination {

namespace asio = boost::asio;

namespace {
enum wake_up : int { landed, your_turn };
}  // namespace

/// Whoever makes the value holds it; lost without an end, it hands the flight to the next in line.
class single_flight::leadership {
 public:
  leadership(single_flight& of, const std::string& key, flight& led) : of_{of}, key_{key}, led_{led} {}
  leadership(const leadership&) = delete;
  leadership& operator=(const leadership&) = delete;
  ~leadership() {
    if (!ended_) of_.hand_over(key_, led_);
  }
  void end() { ended_ = true; }

 private:
  single_flight& of_;
  const std::string& key_;
  flight& led_;
  bool ended_ = false;
};

task<cached> single_flight::join(const std::string& key, const work& make) {
  const resilience::one_shot turn;
  std::shared_ptr<flight> joined;
  bool first = false;
  {
    const std::lock_guard lock{mutex_};
    auto& current = flights_[key];
    first = !current;
    if (first) {
      current = std::make_shared<flight>();
    } else {
      current->waiting_.push_back(turn);
    }
    joined = current;
  }
  int woken = your_turn;
  if (!first) woken = co_await turn.wait();
  if (woken == landed) {
    if (joined->error_) std::rethrow_exception(joined->error_);
    co_return joined->result_;
  }

  // No suspension between being the leader and this: a cancelled leader must not leave the others waiting.
  leadership leader{*this, key, *joined};
  std::exception_ptr error;
  try {
    joined->result_ = co_await make(*joined);
  } catch (...) {
    error = std::current_exception();
  }
  const auto cancelled = (co_await asio::this_coro::cancellation_state).cancelled();
  if (error && cancelled != asio::cancellation_type::none) std::rethrow_exception(error);
  leader.end();
  joined->error_ = error;
  land(key, *joined);
  if (error) std::rethrow_exception(error);
  co_return joined->result_;
}

void single_flight::land(const std::string& key, flight& made) {
  const std::lock_guard lock{mutex_};
  for (const auto& one : made.waiting_) one.fire(landed);
  made.waiting_.clear();
  flights_.erase(key);
}

void single_flight::hand_over(const std::string& key, flight& left) {
  const std::lock_guard lock{mutex_};
  while (!left.waiting_.empty()) {
    const bool given = left.waiting_.front().fire(your_turn);
    left.waiting_.pop_front();
    if (given) return;
  }
  flights_.erase(key);
}

void single_flight::outdate(std::string_view key) {
  const std::lock_guard lock{mutex_};
  if (const auto current = flights_.find(key); current != flights_.end()) current->second->outdated_ = true;
}

task<filled> run(const cache::fill_function& fill) {
  filled result;
  try {
    auto made = co_await fill();
    if (made) result.value = std::make_shared<const std::string>(std::move(*made));
  } catch (...) {
    result.error = std::current_exception();
  }
  const auto cancelled = (co_await asio::this_coro::cancellation_state).cancelled();
  if (result.error && cancelled != asio::cancellation_type::none) std::rethrow_exception(result.error);
  co_return result;
}

}  // namespace nxg::coordination
