#pragma once

#include "coordination/in_process.hpp"
#include "coordination/presence.hpp"
#include "runtime/clock.hpp"

#include <map>
#include <mutex>

namespace nxg::coordination {

class in_process_presence final : public presence {
 public:
  in_process_presence(runtime::clock& time, const in_process_options& options)
      : time_{time}, max_entries_{options.max_present} {}

  task<bool> enter(std::string_view group, std::string_view member, std::string_view connection,
                   std::chrono::milliseconds how_long) override;
  task<void> leave(std::string_view group, std::string_view member, std::string_view connection) override;
  task<std::size_t> count(std::string_view group) override;
  task<bool> is_present(std::string_view group, std::string_view member) override;
  task<std::vector<present>> list(std::string_view group, std::size_t limit, std::string_view after) override;

  /// One entry as it is, for adapters that tell a server of all of them.
  struct present_entry {
    std::string group;
    std::string member;
    std::string connection;
    instant since{};
    std::chrono::milliseconds left{0};
  };
  std::vector<present_entry> all();

 private:
  struct place {
    std::string group;
    std::string member;
    std::string connection;
  };
  /// All entries by the time they end.
  using expiries = std::multimap<steady_instant, place>;
  struct connection_entry {
    instant since;
    expiries::iterator expiry;
  };
  using connections = std::map<std::string, connection_entry, std::less<>>;
  using members = std::map<std::string, connections, std::less<>>;

  // These want the lock held.
  void expire();
  void erase(const place& gone);
  [[nodiscard]] const members* members_of(std::string_view group);

  runtime::clock& time_;
  const std::size_t max_entries_;
  std::mutex mutex_;
  expiries expiries_;
  std::map<std::string, members, std::less<>> groups_;
};

}  // namespace nxg::coordination
