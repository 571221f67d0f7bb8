#pragma once

#include "runtime/task.hpp"
#include "socketio/absent_client.hpp"
#include "socketio/adapter.hpp"
#include "socketio/event_position.hpp"
#include "socketio/packet.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace nxg::socketio {

/// A client that was at another process, and what it missed as far as the shared record has it.
struct returning_client {
  struct event {
    event_position at;
    selection to;
    shared_frames frames;
  };
  absent_client who;
  std::string data;             ///< what `keep` was given
  event_position after;         ///< the last event it got
  event_position read_through;  ///< `events` are all behind `after` up to here
  std::vector<event> events;
  std::uint64_t doubts = 0;  ///< see `doubts()`
};

/// What an adapter does for clients that may come back at another process: it numbers the events of a namespace for all
/// processes alike, and keeps clients that are away where all find them. Thread-safe.
class shared_recovery {
 public:
  virtual ~shared_recovery() = default;

  /// Whether clients that come now may come back later.
  [[nodiscard]] virtual bool is_ready() const = 0;
  /// Grows whenever something was sent, or may have been lost, without a number.
  [[nodiscard]] virtual std::uint64_t doubts() const = 0;
  /// Keeps a client that went away, without its `data`, of which `data` is the text.
  virtual void keep(const std::string& private_id, const absent_client& who, const std::string& data) = 0;
  /// Takes it, once; nothing when it is not there, or when what it missed behind `offset` is not sure to be known.
  virtual task<std::optional<returning_client>> take(std::string private_id, std::string offset) = 0;

  /// Takes `then` and calls it, from any thread, when everything this process emitted before is delivered here; false,
  /// and nothing is taken, when it is already.
  virtual bool after_emitted(std::move_only_function<void()>& then) = 0;
};

}  // namespace nxg::socketio
