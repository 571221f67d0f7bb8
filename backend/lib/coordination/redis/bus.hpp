#pragma once

#include "coordination/in_process_bus.hpp"
#include "coordination/redis/server.hpp"
#include "coordination/redis/subscriber.hpp"
#include "runtime/random.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace nxg::coordination::redis {

/// Subscribers of this process are served here, at once and also without Redis; the others through a channel per topic.
/// A message that could not be sent is followed, as soon as one can be, by a notice of the gap.
class redis_bus final : public bus {
 public:
  redis_bus(server& with, subscriber& channels, runtime::random& random, const redis_options& options);

  void publish(std::string_view topic, std::string payload) override;
  std::unique_ptr<subscription> subscribe(std::string_view topic, executor where, handler handle,
                                          std::size_t max_queued) override;
  std::uint64_t dropped() const override { return local_.dropped() + lost_messages_; }

 private:
  class ticket;
  enum kind : char { message = 'm', gap = 'g' };

  [[nodiscard]] std::string channel_of(std::string_view topic) const { return prefix_ + std::string{topic}; }
  [[nodiscard]] std::string envelope(kind what, std::string_view payload) const;
  [[nodiscard]] bool is_from_another(std::string_view content) const;
  void received(std::string_view channel, std::string_view content);
  std::shared_ptr<subscription> listen(std::string_view topic);
  void lost(const std::string& topic);
  void tell_losses();

  server& with_;
  subscriber& channels_;
  const std::size_t max_lost_;
  /// Channels are not separated by database, hence its number.
  const std::string prefix_;
  /// Heard by all: messages of many topics were lost.
  const std::string control_;
  std::string origin_;
  in_process_bus local_;

  std::mutex listening_mutex_;
  std::map<std::string, std::weak_ptr<subscription>, std::less<>> listening_;
  std::size_t sweep_at_ = 64;
  std::unique_ptr<subscription> listening_to_control_;

  std::mutex lost_mutex_;
  std::set<std::string> lost_topics_;
  bool lost_more_ = false;
  std::atomic<bool> has_lost_{false};
  std::atomic<std::uint64_t> lost_messages_{0};
};

}  // namespace nxg::coordination::redis
