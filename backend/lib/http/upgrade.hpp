#pragma once

#include "http/header_fields.hpp"
#include "runtime/task.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace nxg::http {

/// A connection that asks to become something else (`Upgrade: websocket`), handed over with all that was read.
/// Nothing has been answered. From here on it is the receiver's: its limits, its time-outs, its end.
struct upgrade_request {
  /// As sent: path and query.
  std::string target;
  header_fields headers;
  /// Connected, of the core `core`, non-blocking.
  boost::asio::ip::tcp::socket socket;
  /// What came behind the head already.
  std::string leftover;
  std::string remote_address;
  std::size_t core = 0;
  /// To be held as long as the connection exists: until then it is one of `server_options::max_connections`.
  std::shared_ptr<void> place;
};

/// The body of a request that goes past the router.
struct door_body {
  enum class outcome : std::uint8_t { complete, too_large, failed };
  outcome how = outcome::complete;
  std::string octets = {};
};

/// Reads the body, at most so many octets; called once at most, on the connection's core, before the door has answered.
using body_reader = std::function<task<door_body>(std::size_t limit)>;

}  // namespace nxg::http
