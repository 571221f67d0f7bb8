#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace nxg::socketio {

/// No acknowledgement came in time. One that comes later is dropped.
class ack_timeout : public std::runtime_error {
 public:
  ack_timeout() : std::runtime_error{"no acknowledgement in time"} {}
};

/// The socket was gone, or went away while its answer was awaited.
class disconnected : public std::runtime_error {
 public:
  explicit disconnected(const std::string& why) : std::runtime_error{"disconnected: " + why} {}
};

/// The server refused to let a client into a namespace.
class connect_refused : public std::runtime_error {
 public:
  connect_refused(const std::string& message, std::string data) : std::runtime_error{message}, data_{std::move(data)} {}
  /// The JSON text the server gave with its refusal; empty when none.
  [[nodiscard]] const std::string& data() const noexcept { return data_; }

 private:
  std::string data_;
};

}  // namespace nxg::socketio
