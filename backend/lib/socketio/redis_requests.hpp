#pragma once

#include "runtime/clock.hpp"
#include "socketio/answer_wait.hpp"
#include "socketio/redis_request.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace nxg::socketio::detail {

/// Somebody waits for what other processes answer; until all have, or the time is over. Thread-safe.
class awaited_responses final : public std::enable_shared_from_this<awaited_responses> {
 public:
  awaited_responses(executor where, runtime::clock& time, std::chrono::milliseconds timeout)
      : wait_{std::move(where), time, time.steady() + timeout} {}

  void expect(std::size_t count) {
    const std::lock_guard lock{mutex_};
    expected_ = count;
    look();
  }
  void add(redis_response one) {
    const std::lock_guard lock{mutex_};
    responses_.push_back(std::move(one));
    look();
  }
  task<> wait() {
    if (!is_done()) co_await wait_.wait();
  }
  [[nodiscard]] std::vector<redis_response> take() {
    const std::lock_guard lock{mutex_};
    done_ = true;
    return std::move(responses_);
  }

 private:
  void look() {
    if (done_ || !expected_ || responses_.size() < *expected_) return;
    done_ = true;
    wait_.end(shared_from_this());
  }
  [[nodiscard]] bool is_done() {
    const std::lock_guard lock{mutex_};
    return done_;
  }

  answer_wait wait_;
  std::mutex mutex_;
  std::optional<std::size_t> expected_;
  std::vector<redis_response> responses_;
  bool done_ = false;
};

/// What one process asked of others and waits for, by the id of the request. Thread-safe.
class open_requests {
 public:
  void add(const std::string& id, std::shared_ptr<awaited_responses> who) {
    const std::lock_guard lock{mutex_};
    awaited_.emplace(id, std::move(who));
  }
  void add(const std::string& id, std::shared_ptr<answer_sink> who, steady_instant now, steady_instant until) {
    const std::lock_guard lock{mutex_};
    std::erase_if(asked_, [now](const auto& one) { return one.second.until < now; });
    asked_.emplace(id, asked{std::move(who), until});
  }
  void remove(const std::string& id) {
    const std::lock_guard lock{mutex_};
    awaited_.erase(id);
  }
  [[nodiscard]] bool knows(const std::string& id) {
    const std::lock_guard lock{mutex_};
    return awaited_.contains(id) || asked_.contains(id);
  }
  void answered(redis_response with) {
    std::shared_ptr<awaited_responses> waits;
    std::shared_ptr<answer_sink> sink;
    {
      const std::lock_guard lock{mutex_};
      if (const auto it = awaited_.find(with.id); it != awaited_.end()) waits = it->second;
      if (const auto it = asked_.find(with.id); it != asked_.end()) sink = it->second.sink;
    }
    if (sink && with.client_count) sink->expect_sockets(*with.client_count);
    if (sink && with.answer) sink->answered(std::move(*with.answer));
    if (waits) waits->add(std::move(with));
  }

 private:
  struct asked {
    std::shared_ptr<answer_sink> sink;
    steady_instant until;
  };
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<awaited_responses>> awaited_;
  std::unordered_map<std::string, asked> asked_;
};

}  // namespace nxg::socketio::detail
