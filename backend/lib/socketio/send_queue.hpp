#pragma once

#include "socketio/engine.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nxg::socketio {

/// What waits to be written to one connection, within bounds. No I/O here.
class send_queue {
 public:
  enum class verdict : std::uint8_t {
    queued,
    dropped,   ///< the message itself was the one to go
    overflow,  ///< nothing was left to drop: the reader is too slow
  };

  explicit send_queue(send_limits limits) noexcept : limits_{limits} {}

  /// A first message always fits, however big, or it could never be sent. `written` bytes of it are gone already.
  verdict push(shared_frames frames, const delivery& how, std::size_t written = 0);
  /// Adds what must be said whatever waits (the close frame).
  void push_last(shared_frames frames);

  [[nodiscard]] bool empty() const noexcept { return first_ == entries_.size(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  /// Fills `pieces` with what comes next, in order; returns how many were filled.
  [[nodiscard]] std::size_t gather(std::span<std::string_view> pieces) const noexcept;
  /// So many bytes, from the front, were written.
  void consumed(std::size_t count) noexcept;
  void clear() noexcept;
  /// Drops all but a message of which the first bytes are written.
  void keep_begun() noexcept;
  /// Messages dropped so far in favour of others (not counting those `push` refused).
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }

 private:
  struct entry {
    shared_frames frames;
    std::string coalesce;
    bool droppable;
  };
  [[nodiscard]] bool replace(const shared_frames& frames, const delivery& how);
  void drop_some(std::size_t incoming);
  [[nodiscard]] bool fits(std::size_t incoming) const noexcept;
  [[nodiscard]] std::size_t waiting() const noexcept { return entries_.size() - first_; }

  std::vector<entry> entries_;
  std::size_t first_ = 0;    // entries before it are written
  std::size_t written_ = 0;  // bytes of the first entry that are written
  std::size_t bytes_ = 0;
  std::size_t droppable_ = 0;
  std::uint64_t dropped_ = 0;
  send_limits limits_;
};

}  // namespace nxg::socketio
