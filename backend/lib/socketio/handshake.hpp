#pragma once

#include "runtime/clock.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nxg::socketio {

/// The head of an HTTP request that asks for an upgrade, with the connection it came on.
/// Whoever parsed it hands it over whole: nothing was answered yet.
struct upgrade {
  std::string method;
  std::string target;  ///< path and query, as on the request line
  std::vector<std::pair<std::string, std::string>> headers;
  boost::asio::ip::tcp::socket socket;  ///< connected, on the executor of `core`
  std::string surplus = {};             ///< bytes already read behind the head
  std::string remote_address = {};      ///< after trusted proxies, when the caller knows better than the socket
  std::size_t core = 0;                 ///< index into the executors the server was made with
  std::shared_ptr<void> place = {};     ///< held until the socket is closed
};

/// Request headers in one block of memory: a connection keeps them as long as it lives.
class header_block {
 public:
  header_block() = default;
  explicit header_block(const std::vector<std::pair<std::string, std::string>>& headers);

  /// The first value of that name (any case); empty when absent.
  [[nodiscard]] std::string_view get(std::string_view name) const noexcept;

 private:
  std::string block_;  // name NUL value NUL ...
};

/// What is known of a connection from its first request on.
struct request_info {
  std::string target;
  header_block headers;
  std::string remote_address;
  instant connected_at{};
  std::size_t core = 0;

  /// A parameter of the query, percent-decoded; empty when absent.
  [[nodiscard]] std::string query(std::string_view name) const;
};

/// What a client shows when it joins a namespace.
struct handshake {
  std::shared_ptr<const request_info> request;
  std::string namespace_name;
  std::string auth;  ///< the JSON object of the client's `auth` option; `{}` when it gave none
};

/// A parameter of a request target's query, percent-decoded; empty when absent.
[[nodiscard]] std::string query_parameter(std::string_view target, std::string_view name);

/// What Engine.IO's own parameters say, each the first of its name.
struct engine_query {
  std::string transport;
  std::string sid;
  std::string version;  ///< `EIO`
};
[[nodiscard]] engine_query engine_query_of(std::string_view target);

}  // namespace nxg::socketio
