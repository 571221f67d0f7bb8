#pragma once

#include "runtime/task.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace nxg::http {

struct request;

/// The body of a request whose route reads it itself while it arrives, after the caller was let in: nothing of it is
/// read before, and no more than one piece is held, so that who sends faster than it is used has to wait. The time
/// spent waiting for the sender does not count against the deadline; a sender slower than the server's
/// `slowest_body` is given up.
class body_source {
 public:
  body_source() = default;
  body_source(const body_source&) = delete;
  body_source& operator=(const body_source&) = delete;
  virtual ~body_source() = default;

  /// The next octets, at most 64 KiB; empty at the end. They are there until the next call. Throws `problem`: 413 past
  /// the route's limit, 415 for a compressed body, 408 when it does not come in time, 400 for malformed chunks.
  virtual task<std::string_view> next() = 0;
  /// What is left of it, as a whole. Throws as `next` does, and 503 when too much is held already.
  virtual task<std::string> rest() = 0;
};

/// Reads the body of a request in pieces, however it came: from its source, or the whole that is there.
class body_pieces {
 public:
  /// The request must outlive it.
  explicit body_pieces(request& of) noexcept : of_{&of} {}
  /// As `body_source::next`.
  task<std::string_view> next();

 private:
  request* of_;
  bool given_ = false;
};

}  // namespace nxg::http
