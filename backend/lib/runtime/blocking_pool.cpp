#include "runtime/blocking_pool.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace nxg::runtime {

struct blocking_pool::state {
  void work() {
    std::unique_lock lock{mutex};
    for (;;) {
      changed.wait(lock, [this] { return stopping || !jobs.empty(); });
      if (jobs.empty()) return;
      auto job = std::move(jobs.front());
      jobs.pop_front();
      ++running;
      lock.unlock();
      job();
      job = nullptr;
      lock.lock();
      --running;
    }
  }

  std::string name;
  std::size_t max_queued = 0;
  mutable std::mutex mutex;
  std::condition_variable changed;
  std::deque<std::move_only_function<void()>> jobs;
  std::size_t running = 0;
  bool stopping = false;
  std::vector<std::jthread> threads;
};

blocking_pool::blocking_pool(std::string name, std::size_t threads, std::size_t max_queued)
    : state_{std::make_unique<state>()} {
  state_->name = std::move(name);
  state_->max_queued = max_queued;
  for (std::size_t i = 0; i < threads; ++i) state_->threads.emplace_back([s = state_.get()] { s->work(); });
}

blocking_pool::~blocking_pool() {
  {
    const std::lock_guard lock{state_->mutex};
    state_->stopping = true;
  }
  state_->changed.notify_all();
  state_->threads.clear();
}

void blocking_pool::post(std::move_only_function<void()> job) {
  {
    const std::lock_guard lock{state_->mutex};
    if (state_->running + state_->jobs.size() >= state_->threads.size() + state_->max_queued) {
      throw pool_exhausted{state_->name};
    }
    state_->jobs.push_back(std::move(job));
  }
  state_->changed.notify_one();
}

std::size_t blocking_pool::queued() const {
  const std::lock_guard lock{state_->mutex};
  return state_->jobs.size();
}

}  // namespace nxg::runtime
