#pragma once

#include "coordination/bus.hpp"
#include "repositories/revocations.hpp"
#include "runtime/clock.hpp"
#include "runtime/task.hpp"
#include "telemetry/log.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

namespace nxg {

struct revocation_settings {
  /// The life of the tokens that are revoked, where nothing else is said: that of a machine's. Then it is forgotten.
  std::chrono::seconds token_life{std::chrono::hours{1}};
  std::chrono::milliseconds refresh_every{1'000};
  /// Without having read them for so long, nobody can tell who is still welcome.
  std::chrono::seconds stale_after{30};
  /// How far clocks of processes may be apart, and how long a write may take to be seen.
  std::chrono::seconds overlap{15};
};

/// Which access tokens are worth nothing although they have not expired. The documents are the authority; every process
/// reads them each second, the bus only makes it faster. Thread-safe.
class revocation_list {
 public:
  /// Called on whatever thread learns of a revocation; must not block or throw. Sockets close by it.
  using listener = std::function<void(const revocation&)>;

  revocation_list(revocation_repository documents, coordination::bus& bus, runtime::clock& time, telemetry::logger log,
                  revocation_settings settings = {});
  ~revocation_list();

  /// Reads what was recorded since the last time. Throws store errors.
  task<void> refresh();
  /// The same where the last reading is older than a second; its failure is no error but leaves the list as old as it
  /// is.
  task<void> refresh_if_stale();
  /// Reads each second, and at once when the bus says so, until `stop`; `refresh` once before. The list must outlive
  /// the threads of that executor.
  void start(executor where);
  void stop();

  /// Durable when it returns; at once in this process. `token_life` where the session's tokens live longer than an
  /// hour.
  task<void> revoke_session(uuid session, std::optional<std::chrono::seconds> token_life = {});
  /// Every token of that account or device issued until now. When it returns, that moment is over: what is issued then
  /// is good.
  task<void> revoke_principal(uuid principal);

  /// `issued_at` to the millisecond.
  [[nodiscard]] bool revoked(const uuid& session, const uuid& principal, instant issued_at) const;
  /// Grows with every change: what was looked up at the same generation need not be looked up again.
  [[nodiscard]] std::uint64_t generation() const noexcept { return generation_.load(std::memory_order_acquire); }
  /// False when the last reading is too old to go by.
  [[nodiscard]] bool fresh() const noexcept;
  /// Whether a reading succeeded within that time: it is asked of the store each second.
  [[nodiscard]] bool read_within(std::chrono::seconds time) const noexcept;

  void on_revoked(listener heard);

 private:
  struct loop;
  void apply(const revocation& made);
  task<instant> record(revocation made, std::chrono::seconds token_life);
  void forget_expired();

  revocation_repository documents_;
  coordination::bus& bus_;
  runtime::clock& time_;
  telemetry::logger log_;
  revocation_settings settings_;

  mutable std::shared_mutex mutex_;
  std::unordered_map<uuid, revocation> sessions_;
  std::unordered_map<uuid, revocation> principals_;
  std::vector<listener> listeners_;
  std::atomic<std::uint64_t> generation_{1};
  std::atomic<steady_instant::rep> read_at_{steady_instant::min().time_since_epoch().count()};
  std::atomic<instant::rep> read_up_to_{0};
  std::shared_ptr<loop> loop_;
};

}  // namespace nxg
