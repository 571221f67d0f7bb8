#pragma once

#include "coordination/in_process_presence.hpp"
#include "coordination/presence.hpp"
#include "coordination/redis/server.hpp"

#include <deque>
#include <string>
#include <vector>

namespace nxg::coordination::redis {

/// What entered through this process is kept here as well: that is its bound, the answer while Redis is away, and what
/// an empty Redis is told when it is back.
class redis_presence final : public presence {
 public:
  redis_presence(server& with, runtime::clock& time, const redis_options& options);

  task<bool> enter(std::string_view group, std::string_view member, std::string_view connection,
                   std::chrono::milliseconds how_long) override;
  task<void> leave(std::string_view group, std::string_view member, std::string_view connection) override;
  task<std::size_t> count(std::string_view group) override;
  task<bool> is_present(std::string_view group, std::string_view member) override;
  task<std::vector<present>> list(std::string_view group, std::size_t limit, std::string_view after) override;

 private:
  /// Members with their connections, members by expiry, members by name.
  [[nodiscard]] std::vector<std::string> keys_of(std::string_view group) const;
  [[nodiscard]] std::string now_ms() const;
  [[nodiscard]] std::vector<std::string> entering(const in_process_presence::present_entry& one) const;
  void enter_again();
  void enter_some();

  server& with_;
  runtime::clock& time_;
  in_process_presence local_;
  const script enter_;
  const script leave_;
  const script look_;
  const script list_;
  /// What is still to be told after a connection was lost; on the adapter's thread.
  std::deque<in_process_presence::present_entry> to_tell_;
};

}  // namespace nxg::coordination::redis
