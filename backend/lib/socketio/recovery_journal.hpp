#pragma once

#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "socketio/absent_client.hpp"
#include "socketio/adapter.hpp"
#include "socketio/event_position.hpp"
#include "socketio/recovery_options.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nxg::socketio::detail {

/// What a namespace sent of late, numbered, and who of its clients is away. Thread-safe.
///
/// Numbers follow one another in the order in which every core delivers: whoever appends holds `mutex()` until it has
/// posted the event to all cores.
class recovery_journal {
 public:
  recovery_journal(recovery_options options, runtime::clock& time, runtime::random& random);

  [[nodiscard]] std::mutex& mutex() noexcept { return mutex_; }
  /// Where the next event will stand, when this process numbers, and what the client is told of it. `mutex()` is held.
  [[nodiscard]] event_position next() const noexcept { return {.number = last_.number + 1}; }
  [[nodiscard]] std::string offset_of(const event_position& at) const;
  /// `mutex()` is held. Behind all that were appended before.
  void append(const event_position& at, selection to, shared_frames frames);
  /// Forgets all: what is known begins behind this.
  void start_over(const event_position& behind);

  void went_away(std::string private_id, absent_client who);
  struct returning {
    absent_client who;
    event_position after;  ///< the last event it got
  };
  /// Takes the client that was given this private id, when all it missed behind `offset` is still known.
  [[nodiscard]] std::optional<returning> comes_back(std::string_view private_id, std::string_view offset);
  /// Whether all events behind that one are known.
  [[nodiscard]] bool reaches_back_to(const event_position& after);
  /// What that client is to get of the events behind `after` up to the one at `through`.
  [[nodiscard]] std::vector<shared_frames> missed(const absent_client& by, const event_position& after,
                                                  const event_position& through);
  [[nodiscard]] const recovery_options& options() const noexcept { return options_; }

 private:
  struct entry {
    event_position at;
    steady_instant when;
    selection to;
    shared_frames frames;
  };
  struct departure {
    steady_instant when;
    std::string private_id;
  };
  struct absence {
    absent_client who;
    std::list<departure>::iterator place;  ///< in `departures_`
  };
  [[nodiscard]] std::optional<event_position> position_of(std::string_view offset) const;
  void forget_old();
  void forget(const std::string& private_id);

  recovery_options options_;
  runtime::clock& time_;
  std::string prefix_;  // offsets of another process mean nothing here
  std::mutex mutex_;
  std::deque<entry> log_;
  std::size_t bytes_ = 0;
  event_position last_;
  event_position forgotten_;  // the last that is not known any more
  std::unordered_map<std::string, absence> away_;
  std::list<departure> departures_;  ///< of those who are away, the longest first
};

}  // namespace nxg::socketio::detail
