#include "store/sqlite/request.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace nxg::store::sqlite {

bool request_queue::wake_another(bool at_once) {
  if (waiting_.empty() || idle_ <= waking_) return false;
  const auto awake = busy_ + waking_;
  const bool in_need = at_once || awake == 0 || waiting_.size() > awake * few ||
                       (waking_ == 0 && std::chrono::steady_clock::now() - last_taken_ > usual);
  if (in_need) ++waking_;
  return in_need;
}

void request_queue::push(std::shared_ptr<request> one) {
  bool wake = false;
  {
    const std::lock_guard lock{mutex_};
    if (closed_) throw error{failure::unavailable, "the store is closed"};
    if (waiting_.size() >= most_ || (bytes_ + one->bytes() > most_bytes_ && !waiting_.empty())) {
      throw error{failure::busy, "the queue of " + name_ + " is full"};
    }
    bytes_ += one->bytes();
    waiting_.push_back(std::move(one));
    wake = wake_another(false);
  }
  if (wake) filled_.notify_one();
}

std::vector<std::shared_ptr<request>> request_queue::take(std::size_t most_operations) {
  std::unique_lock lock{mutex_};
  while (!closed_ && waiting_.empty()) {
    ++idle_;
    filled_.wait(lock);
    --idle_;
    if (waking_ > 0) --waking_;
  }
  std::vector<std::shared_ptr<request>> taken;
  std::size_t operations = 0;
  while (!waiting_.empty()) {
    const auto& next = waiting_.front();
    const bool fits = operations + next->operations() <= most_operations && !next->alone();
    if (!taken.empty() && (!fits || taken.front()->alone())) break;
    operations += next->operations();
    bytes_ -= next->bytes();
    running_.push_back(next);
    taken.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  if (!taken.empty()) {
    ++busy_;
    last_taken_ = std::chrono::steady_clock::now();
  }
  return taken;
}

void request_queue::done(const std::vector<std::shared_ptr<request>>& taken) {
  const std::lock_guard lock{mutex_};
  --busy_;
  for (const auto& one : taken) {
    const auto found = std::ranges::find(running_, one);
    if (found != running_.end()) running_.erase(found);
  }
}

void request_queue::expire(steady_instant now) {
  std::vector<std::shared_ptr<request>> late;
  bool wake = false;
  {
    const std::lock_guard lock{mutex_};
    const auto is_late = [&](const auto& one) { return one->deadline() <= now; };
    std::ranges::copy_if(running_, std::back_inserter(late), is_late);
    std::ranges::copy_if(waiting_, std::back_inserter(late), is_late);
    wake = wake_another(true);
  }
  if (wake) filled_.notify_one();
  for (const auto& one : late) one->expire();
}

void request_queue::close() {
  {
    const std::lock_guard lock{mutex_};
    closed_ = true;
  }
  filled_.notify_all();
}

std::size_t request_queue::size() const {
  const std::lock_guard lock{mutex_};
  return waiting_.size();
}

task<outcome> wait_for(std::shared_ptr<request> what, request_queue& in) {
  std::function<void()> hand_over = [&] { in.push(what); };
  co_return co_await store::wait_for(what, std::move(hand_over));
}

}  // namespace nxg::store::sqlite
