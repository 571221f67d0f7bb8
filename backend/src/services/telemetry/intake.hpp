#pragma once

#include "models/machine.hpp"
#include "repositories/machines.hpp"
#include "repositories/workouts.hpp"
#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "runtime/rests.hpp"
#include "runtime/task.hpp"
#include "services/live/live_channel.hpp"
#include "services/telemetry/high_water.hpp"
#include "services/telemetry/journal.hpp"
#include "services/telemetry/machine_states.hpp"
#include "services/telemetry/messages.hpp"
#include "telemetry/log.hpp"
#include "telemetry/metrics.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nxg::samples {

class stream;

/// `workout:progress` of one message and link.
struct shown_samples {
  uuid link_id;
  uuid member_id;
  std::string json;
};

/// The one door for samples, whatever they came by.
class intake {
 public:
  intake(machine_repository& machines, workout_repository& workouts, journal& into, live_channel& live,
         runtime::clock& time, runtime::random& random, telemetry::metrics& metrics, telemetry::logger log);

  /// Begins a stream of samples of one machine: a connection, or one request. Reads what the machine's limits are.
  /// Throws `machine_not_found`.
  task<std::shared_ptr<stream>> open(uuid machine_id, executor where);

  /// All of it for one request: opens a stream, takes one message, waits for its ack.
  task<ack> take(uuid machine_id, std::string json);

  /// What a machine's clock is off, as it was measured (`machine::clock_offset_ms`).
  void measured_clock(const uuid& machine_id, std::int64_t offset_ms);

 private:
  friend class stream;
  runtime::rests& rests_of(const executor& where);

  machine_repository& machines_;
  workout_repository& workouts_;
  journal& journal_;
  live_channel& live_;
  runtime::clock& time_;
  runtime::random& random_;
  telemetry::logger log_;
  machine_states states_;
  telemetry::counter accepted_;
  telemetry::counter flagged_;
  telemetry::counter refused_;
  telemetry::counter repeated_;
  telemetry::counter put_off_;
  std::mutex mutex_;
  std::list<runtime::rests> rests_;  // one of each core
};

/// The samples of one connection, in their order. Lives on the executor it was opened for; not thread-safe.
class stream : public std::enable_shared_from_this<stream> {
 public:
  using answer = std::move_only_function<void(const ack&)>;

  stream(intake& through, uuid machine_id, std::shared_ptr<machine_state> state, executor where);

  /// The offset to give `parse_single` and `parse_batch`.
  [[nodiscard]] std::int64_t clock_offset_ms() const;

  /// Takes a message: shows its samples live at once, makes them durable, and then answers, once, on the stream's
  /// executor. A machine may have two messages under way; a third is answered with `retryAfterMs`.
  void offer(parsed message, answer then);

  /// How many messages are under way.
  [[nodiscard]] std::size_t in_flight() const noexcept { return in_flight_; }

  static constexpr std::size_t most_in_flight = 2;

 private:
  using looked_up_links = std::vector<std::pair<uuid, link_holder>>;
  using shared_mark = std::shared_ptr<high_water>;
  struct pending {
    parsed message;
    answer then;
    shared_mark mark;
    /// Of this message: more than the machine's state may remember.
    looked_up_links links = {};
  };

  /// What judging a message came to.
  struct sorted {
    std::vector<refusal> refused;
    std::vector<seq_run> kept;
    std::string text;  // of the kept, for the journal
    std::vector<shown_samples> shown;
    std::vector<uuid> due;  // links whose expiry is to be written again
    std::size_t samples = 0;
    std::size_t fresh = 0;
    std::size_t flagged = 0;
  };

  /// A message whose samples are on their way to the disk; free when it answers nobody.
  struct flight {
    nxg::epoch epoch;
    shared_mark mark;
    std::vector<seq_run> kept;
    std::vector<refusal> refused;
    answer then;
  };

  /// What the texts of neighbouring samples share: nearly always the same from message to message.
  struct group {
    nxg::epoch epoch;
    uuid link_id;
    std::string line;      // in the journal
    std::string progress;  // in `workout:progress`
  };

  void process(pending one);
  void finish(pending one);
  sorted sort_out(pending& one, const high_water& mark, instant now);
  [[nodiscard]] link_holder* holder_of(const uuid& link, looked_up_links& looked_up) const;
  void enter_group(const nxg::epoch& epoch, const uuid& link);
  [[nodiscard]] std::string begin_progress(instant now) const;
  void count(const sorted& what, std::size_t sent);
  void written(flight& what, journal::outcome outcome);
  void reply(answer then, const ack& answered);
  task<void> look_up(pending one, std::vector<uuid> unknown);
  task<bool> look_up_link(uuid link_id, looked_up_links& into);
  [[nodiscard]] std::vector<uuid> unknown_links(const parsed& message) const;
  [[nodiscard]] shared_mark known_mark(const epoch& of) const;
  shared_mark begin_mark(const parsed& message);
  ack put_off(const parsed& message, std::chrono::milliseconds wait);
  static task<void> renew(std::shared_ptr<stream> self, uuid link_id, instant expires_at);

  intake& through_;
  uuid machine_id_;
  std::shared_ptr<machine_state> state_;
  executor where_;
  runtime::rests& rests_;
  std::vector<std::pair<epoch, shared_mark>> marks_;  // of the epochs that came last, all under way among them
  group group_;
  std::array<flight, most_in_flight> flights_;
  std::size_t in_flight_ = 0;
  bool looking_up_ = false;
  std::deque<pending> waiting_;  // behind a look-up
};

}  // namespace nxg::samples
