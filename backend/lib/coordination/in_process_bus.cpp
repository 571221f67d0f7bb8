#include "coordination/in_process_bus.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <deque>
#include <stdexcept>
#include <utility>

namespace nxg::coordination {

namespace {
constexpr std::size_t longest_payload = 1 << 20;
/// Deliveries in one go; then others of that thread have their turn.
constexpr std::size_t at_a_time = 64;
}  // namespace

/// A bounded queue in front of a handler, emptied on the handler's executor.
class in_process_bus::subscriber : public std::enable_shared_from_this<subscriber> {
 public:
  subscriber(std::string topic, executor where, handler handle, std::size_t max_queued)
      : topic_{std::move(topic)},
        where_{std::move(where)},
        handle_{std::move(handle)},
        max_queued_{std::max<std::size_t>(max_queued, 1)} {}

  [[nodiscard]] const std::string& topic() const noexcept { return topic_; }

  /// False when another message had to go for it.
  bool push(const std::shared_ptr<const std::string>& payload) {
    const std::lock_guard lock{mutex_};
    if (ended_) return true;
    const bool full = queue_.size() >= max_queued_;
    if (full) {
      queue_.pop_front();
      gap_ = true;
    }
    queue_.push_back(payload);
    if (!std::exchange(scheduled_, true)) schedule();
    return !full;
  }

  /// The next delivery says so; where none waits, one without payload.
  void tell_gap() {
    const std::lock_guard lock{mutex_};
    if (ended_) return;
    gap_ = true;
    if (queue_.empty()) queue_.push_back(nullptr);
    if (!std::exchange(scheduled_, true)) schedule();
  }

  void end() {
    const std::lock_guard lock{mutex_};
    ended_ = true;
    queue_.clear();
  }

 private:
  void schedule() {
    boost::asio::post(where_, [self = shared_from_this()] { self->drain(); });
  }

  void drain() {
    for (std::size_t i = 0; i < at_a_time; ++i) {
      delivery next{topic_, nullptr, false};
      {
        const std::lock_guard lock{mutex_};
        if (queue_.empty()) {
          scheduled_ = false;
          return;
        }
        next.payload = std::move(queue_.front());
        queue_.pop_front();
        next.gap = std::exchange(gap_, false);
      }
      try {
        handle_(next);
      } catch (...) {
        const std::lock_guard lock{mutex_};
        gap_ = true;
      }
    }
    schedule();
  }

  const std::string topic_;
  const executor where_;
  const handler handle_;
  const std::size_t max_queued_;
  std::mutex mutex_;
  std::deque<std::shared_ptr<const std::string>> queue_;
  bool scheduled_ = false;
  bool gap_ = false;
  bool ended_ = false;
};

class in_process_bus::ticket final : public subscription {
 public:
  ticket(std::shared_ptr<registry> in, std::shared_ptr<subscriber> mine) : in_{std::move(in)}, mine_{std::move(mine)} {}
  ~ticket() override {
    mine_->end();
    const std::lock_guard lock{in_->mutex};
    const auto topic = in_->topics.find(mine_->topic());
    std::erase(topic->second, mine_);
    if (topic->second.empty()) in_->topics.erase(topic);
    --in_->subscriptions;
  }

 private:
  std::shared_ptr<registry> in_;
  std::shared_ptr<subscriber> mine_;
};

in_process_bus::in_process_bus(const in_process_options& options)
    : max_subscriptions_{options.max_subscriptions}, registry_{std::make_shared<registry>()} {}

void in_process_bus::publish(std::string_view topic, std::string payload) {
  if (payload.size() > longest_payload) throw std::invalid_argument{"a message on the bus has at most 1 MiB"};
  const auto shared = std::make_shared<const std::string>(std::move(payload));
  const std::lock_guard lock{registry_->mutex};
  const auto known = registry_->topics.find(topic);
  if (known == registry_->topics.end()) return;
  for (const auto& one : known->second) {
    if (!one->push(shared)) ++registry_->dropped;
  }
}

std::unique_ptr<subscription> in_process_bus::subscribe(std::string_view topic, executor where, handler handle,
                                                        std::size_t max_queued) {
  auto made = std::make_shared<subscriber>(std::string{topic}, std::move(where), std::move(handle), max_queued);
  const std::lock_guard lock{registry_->mutex};
  if (registry_->subscriptions >= max_subscriptions_) throw std::runtime_error{"too many subscriptions on the bus"};
  registry_->topics[made->topic()].push_back(made);
  ++registry_->subscriptions;
  return std::make_unique<ticket>(registry_, std::move(made));
}

void in_process_bus::tell_gap(std::string_view topic) {
  const std::lock_guard lock{registry_->mutex};
  const auto known = registry_->topics.find(topic);
  if (known == registry_->topics.end()) return;
  for (const auto& one : known->second) one->tell_gap();
}

void in_process_bus::tell_gap() {
  const std::lock_guard lock{registry_->mutex};
  for (const auto& [topic, all] : registry_->topics) {
    for (const auto& one : all) one->tell_gap();
  }
}

std::uint64_t in_process_bus::dropped() const { return registry_->dropped; }

}  // namespace nxg::coordination
