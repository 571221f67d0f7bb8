#pragma once

#include "store/mongodb.hpp"
#include "store/mongodb/url.hpp"

#include <mongoc/mongoc.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace nxg::store::mongodb {

/// libmongoc's pool of connections, and what it tells of commands and servers.
class driver {
 public:
  driver(address where, const mongodb_options& options);
  ~driver();
  driver(const driver&) = delete;
  driver& operator=(const driver&) = delete;

  struct give_back {
    mongoc_client_pool_t* pool;
    void operator()(mongoc_client_t* client) const noexcept { mongoc_client_pool_push(pool, client); }
  };
  using lent_client = std::unique_ptr<mongoc_client_t, give_back>;
  /// There is one for every worker: nobody waits here.
  [[nodiscard]] lent_client lend();

  struct end {
    void operator()(mongoc_client_t* client) const noexcept { mongoc_client_destroy(client); }
  };
  /// A connection of its own whose commands may take long.
  [[nodiscard]] std::unique_ptr<mongoc_client_t, end> patient_client(std::chrono::milliseconds patience) const;

  [[nodiscard]] const address& where() const noexcept { return where_; }
  /// False once the servers are known to be away; true again when one that takes writes is seen.
  [[nodiscard]] bool reachable() const noexcept { return reachable_.load(std::memory_order_relaxed); }
  /// The server is one by itself, of no replica set: its own journal is all there is to wait for.
  [[nodiscard]] bool standalone() const noexcept { return standalone_.load(std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t commands() const noexcept { return commands_; }
  [[nodiscard]] std::uint64_t failed_commands() const noexcept { return failed_commands_; }

 private:
  void told(const char* name, std::int64_t microseconds, bool failed);
  void watch();
  void see(const mongoc_topology_description_t* servers);

  address where_;
  std::function<void(const mongodb_command&)> on_command_;
  std::atomic<bool> reachable_{true}, standalone_{false};
  std::atomic<std::uint64_t> commands_{0}, failed_commands_{0};
  mongoc_client_pool_t* pool_;
};

}  // namespace nxg::store::mongodb
