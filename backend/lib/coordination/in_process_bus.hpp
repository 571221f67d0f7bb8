#pragma once

#include "coordination/bus.hpp"
#include "coordination/in_process.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <vector>

namespace nxg::coordination {

class in_process_bus final : public bus {
 public:
  explicit in_process_bus(const in_process_options& options);

  void publish(std::string_view topic, std::string payload) override;
  std::unique_ptr<subscription> subscribe(std::string_view topic, executor where, handler handle,
                                          std::size_t max_queued) override;
  std::uint64_t dropped() const override;

  /// For adapters that hear of losses elsewhere: tells the subscribers of the topic.
  void tell_gap(std::string_view topic);
  void tell_gap();

 private:
  class subscriber;
  class ticket;
  struct registry {
    std::mutex mutex;
    std::map<std::string, std::vector<std::shared_ptr<subscriber>>, std::less<>> topics;
    std::size_t subscriptions = 0;
    std::atomic<std::uint64_t> dropped{0};
  };

  const std::size_t max_subscriptions_;
  /// Shared with the subscriptions, which may outlive the bus.
  std::shared_ptr<registry> registry_;
};

}  // namespace nxg::coordination
