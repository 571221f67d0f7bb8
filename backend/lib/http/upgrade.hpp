#pragma once

#include "http/header_fields.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
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
};

}  // namespace nxg::http
