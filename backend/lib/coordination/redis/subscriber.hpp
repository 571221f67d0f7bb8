#pragma once

#include "coordination/redis/link.hpp"
#include "coordination/redis/server.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::coordination::redis {

/// The adapter's connection for subscriptions, and who listens to which channel. Subscribes again after each loss, and
/// tells everybody of the gap.
class subscriber final : public redis_channels {
 public:
  subscriber(server& with, runtime::random& random);
  ~subscriber() override;

  void start() { link_->start(); }
  /// On the adapter's thread.
  void stop() { link_->stop(); }
  [[nodiscard]] bool up() const noexcept { return link_->up(); }

  bool publish(std::string_view channel, std::string_view payload) override;
  void publish_counted(std::string_view channel, std::string_view payload,
                       std::function<void(std::optional<std::size_t>)> then) override;
  std::unique_ptr<subscription> listen(std::string channel, listener to) override;
  std::unique_ptr<subscription> listen_pattern(std::string pattern, listener to) override;

  /// Calls `then` on the adapter's thread when all that was asked before is known to the server, and what was published
  /// before was handed on. `then(false)`: it is away.
  void barrier(std::function<void(bool)> then);

 private:
  using name = std::pair<bool, std::string>;  // pattern or not
  using shared_listener = std::shared_ptr<const listener>;
  class ticket;
  /// Shared with the subscriptions, which may outlive the adapter.
  struct registry {
    std::mutex mutex;
    std::map<name, std::vector<shared_listener>, std::less<>> wanted;
    /// Came or went since the server was last told.
    std::set<name> changed;
    /// Null when the adapter has ended.
    std::function<void()> tell;
  };

  std::unique_ptr<subscription> add(name what, listener to);
  [[nodiscard]] std::vector<shared_listener> listeners_of(const name& what) const;
  void hand_on(std::string_view channel, std::string_view payload, std::string_view pattern);
  void tell_gap();
  void synchronise();
  void tell_server(std::string_view how, std::span<const std::string> channels);
  [[nodiscard]] trouble refusal(const reply::node& error) const;
  task<void> prepare(link& over);

  server& with_;
  std::shared_ptr<registry> registry_;
  std::shared_ptr<link> link_;
  /// What the server knows; on the adapter's thread.
  std::set<name> active_;
};

}  // namespace nxg::coordination::redis
