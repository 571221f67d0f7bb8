#pragma once

#include "runtime/clock.hpp"
#include "runtime/random.hpp"
#include "socketio/adapter.hpp"

#include <any>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace nxg::socketio {

/// Connection state recovery: a client whose connection broke comes back as the same socket, in the same rooms, and
/// gets what was sent to it meanwhile. What is not sure to be complete is refused: the client then is a new one.
struct recovery_options {
  /// How long a client may be away.
  std::chrono::milliseconds max_disconnection{120'000};
  /// Whether a client that comes back is let in without being asked again who it is.
  bool skip_authentication = true;
  /// What one namespace remembers: events, their bytes, and clients that are away.
  std::size_t max_events = 10'000;
  std::size_t max_bytes = 16 << 20;
  std::size_t max_clients = 10'000;
};

namespace detail {

/// A client that is away.
struct absent_client {
  std::string id;
  std::vector<std::string> rooms;
  std::any data;
};

/// What a namespace sent of late, numbered, and who of its clients is away. Thread-safe.
///
/// Numbers follow one another in the order in which every core delivers: whoever appends holds `mutex()` until it has
/// posted the event to all cores.
class recovery_journal {
 public:
  recovery_journal(recovery_options options, runtime::clock& time, runtime::random& random);

  [[nodiscard]] std::mutex& mutex() noexcept { return mutex_; }
  /// The number the next event will have, and what the client is told of it. `mutex()` is held.
  [[nodiscard]] std::uint64_t next_number() const noexcept { return last_ + 1; }
  [[nodiscard]] std::string offset_of(std::uint64_t number) const;
  void append(selection to, shared_frames frames);

  void went_away(std::string private_id, absent_client who);
  /// Takes the client that was given this private id, when all it missed behind `offset` is still known.
  [[nodiscard]] std::optional<absent_client> comes_back(std::string_view private_id, std::string_view offset);
  /// What that client is to get of the events behind `offset` up to the one numbered `through`.
  [[nodiscard]] std::vector<shared_frames> missed(const absent_client& by, std::string_view offset,
                                                  std::uint64_t through);
  [[nodiscard]] const recovery_options& options() const noexcept { return options_; }

 private:
  struct entry {
    std::uint64_t number;
    steady_instant at;
    selection to;
    shared_frames frames;
  };
  struct absence {
    absent_client who;
    steady_instant since;
  };
  [[nodiscard]] std::optional<std::uint64_t> number_of(std::string_view offset) const;
  void forget_old();

  recovery_options options_;
  runtime::clock& time_;
  std::string prefix_;  // offsets of another process mean nothing here
  std::mutex mutex_;
  std::deque<entry> log_;
  std::size_t bytes_ = 0;
  std::uint64_t last_ = 0;
  std::unordered_map<std::string, absence> away_;
  std::deque<std::pair<steady_instant, std::string>> leaving_order_;
};

}  // namespace detail
}  // namespace nxg::socketio
