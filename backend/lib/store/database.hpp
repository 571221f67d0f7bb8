#pragma once

#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "runtime/task.hpp"
#include "schema/cipher.hpp"
#include "store/declare.hpp"
#include "store/engine.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace nxg::store {

/// Finds the cipher that seals the `encrypted` members of one document.
class keyring {
 public:
  keyring() = default;
  keyring(const keyring&) = delete;
  keyring& operator=(const keyring&) = delete;
  virtual ~keyring() = default;

  /// `owner` is what the declaration's `owned_by` names in that document, as stored; empty where nobody owns it.
  virtual task<std::shared_ptr<schema::cipher>> cipher_for(std::string collection, std::string id,
                                                           std::string owner) = 0;
};

/// What the collections of a process share: the engine, time, randomness, keys, and the list of themselves.
/// Thread-safe. Outlives its collections and dispatcher.
class database {
 public:
  database(std::shared_ptr<engine> on, runtime::clock& time, runtime::random& random);
  ~database();
  database(const database&) = delete;
  database& operator=(const database&) = delete;

  [[nodiscard]] engine& port() const noexcept;
  [[nodiscard]] runtime::clock& clock() const noexcept;
  [[nodiscard]] runtime::random& random() const noexcept;

  /// For collections with `encrypted` members; before they are used. Must outlive the database's use.
  void use_keyring(keyring* keys) noexcept;
  [[nodiscard]] keyring* keys() const noexcept;

  /// Notes a collection, so that `migrate`, the dispatcher and the expiry sweep know it. Collections call it when they
  /// are made. Returns what is noted, which is what was there before; the same name for another type throws
  /// std::logic_error.
  std::shared_ptr<const collection_rules> add(std::shared_ptr<const collection_rules> rules);
  [[nodiscard]] std::vector<std::shared_ptr<const collection_rules>> collections() const;

  /// The dispatcher sets this; called after every write that carried events. Never blocks, never throws.
  using wrote_events = std::function<void(const std::shared_ptr<const collection_rules>&, const std::string& id)>;
  void on_events(wrote_events notify);
  void wrote(const std::shared_ptr<const collection_rules>& rules, const std::string& id) const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

struct migration_report {
  std::size_t collections = 0;
  std::uint64_t lifted = 0;  ///< documents brought to their declared schema version
};

/// Makes the indexes of every collection of the database and lifts its documents, under a lease; one process at a time,
/// the others wait for it (`busy` after `patience`). Interrupted, it is simply run again: what is done is not done
/// twice. Call it once the collections exist and before they are used.
task<migration_report> migrate(database& of, std::chrono::milliseconds patience = std::chrono::minutes{10});

/// Makes tables and indexes only, of every collection: for commands beside a running server and for tests.
task<void> prepare(database& of);

/// Removes expired documents (`kept_until`, `kept_for`), at most `limit` per collection; how many went. For a job.
task<std::uint64_t> sweep_expired(database& of, std::size_t limit = 10'000);

}  // namespace nxg::store
