#pragma once

#include "runtime/task.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace nxg::coordination {

/// One message, as a subscriber gets it.
struct delivery {
  std::string_view topic;
  /// Shared by all subscribers of the process.
  std::shared_ptr<const std::string> payload;
  /// Messages of this subscription were lost before this one: its queue was full, or the connection was away. Who
  /// needs completeness reads its source again. `payload` is null where only that is to be said.
  bool gap = false;
};

/// Ends its subscription when destroyed. Destroyed on its executor's thread, the handler is not called afterwards; from
/// elsewhere, a call that has begun may still finish.
class subscription {
 public:
  subscription() = default;
  subscription(const subscription&) = delete;
  subscription& operator=(const subscription&) = delete;
  virtual ~subscription() = default;
};

/// Publish and subscribe between the processes of a deployment: at most once, in order per publisher and topic, to
/// whoever listens at that moment. Nothing durable travels here. Thread-safe.
class bus {
 public:
  bus() = default;
  bus(const bus&) = delete;
  bus& operator=(const bus&) = delete;
  virtual ~bus() = default;

  using handler = std::function<void(const delivery&)>;

  /// To all subscribers of exactly this topic, in this process too. Never waits and never throws for lack of anything:
  /// what cannot be sent is lost, and `gap` tells the subscribers it can tell. At most 1 MiB, longer throws
  /// `std::invalid_argument`.
  virtual void publish(std::string_view topic, std::string payload) = 0;

  /// Calls `handle` on `where` (one thread), in order, for what is published from now on. At most `max_queued` messages
  /// wait for it, then the oldest are dropped and the next one says `gap`. A handler must not throw; if it does, the
  /// next delivery says `gap`. Throws `std::runtime_error` when there are too many
  /// subscriptions.
  [[nodiscard]] virtual std::unique_ptr<subscription> subscribe(std::string_view topic, executor where, handler handle,
                                                                std::size_t max_queued = 1024) = 0;

  /// Deliveries dropped since the start, for metrics.
  [[nodiscard]] virtual std::uint64_t dropped() const = 0;
};

}  // namespace nxg::coordination
