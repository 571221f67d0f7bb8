#pragma once

#include "http/router.hpp"
#include "runtime/clock.hpp"
#include "runtime/io_pool.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace nxg::http {

struct upgrade_request;
struct door_body;
using body_reader = std::function<task<door_body>(std::size_t limit)>;

struct server_options {
  /// A numeric address. "::" takes IPv4 too.
  std::string address = "0.0.0.0";
  /// 0: any free one, see `server::port`.
  std::uint16_t port = 0;

  /// Over all cores, with those that were handed over and still exist.
  std::size_t max_connections = 16'384;
  /// Request line and header fields together.
  std::size_t max_head_bytes = 16 * 1024;
  std::size_t max_header_fields = 100;
  /// Bodies being received, of all connections of one core: past it new ones are answered 503.
  std::size_t max_body_bytes_in_flight = 128 * 1024 * 1024;

  /// From the first octet of a request to its last; per MiB of the route's body limit.
  std::chrono::milliseconds delivery{10'000};
  /// Of a body that its route reads while it arrives: at least so much of it must have come for every second spent
  /// waiting for it, after `delivery`.
  std::size_t slowest_body_bytes_per_second = 32 * 1024;
  /// Until the first octet of the first request.
  std::chrono::milliseconds first_byte{10'000};
  /// Between requests.
  std::chrono::milliseconds idle{75'000};
  /// For the peer to take an answer; per started 256 KiB of it.
  std::chrono::milliseconds write{10'000};
  /// After the deadline of a route, for its handler to come back before the connection is given up.
  std::chrono::milliseconds overrun{5'000};

  /// Peers whose X-Forwarded-For is believed: addresses or networks ("10.0.0.0/8", "::1").
  std::vector<std::string> trusted_proxies{};
};

/// What the server counted since it started, over all cores.
struct server_counters {
  std::uint64_t open = 0;
  std::uint64_t held = 0;  ///< open, and those that were handed over and still exist
  std::uint64_t accepted = 0;
  std::uint64_t refused_full = 0;
  std::uint64_t evicted_idle = 0;
  std::uint64_t timed_out = 0;
  std::uint64_t malformed = 0;
  std::uint64_t abandoned = 0;
};

/// Whether a server could listen there now, for who has much to do before it starts: throws as `server::start` does.
void require_free(const std::string& address, std::uint16_t port);

/// HTTP/1.1 on every core of a pool, each with its own listening socket on one port (SO_REUSEPORT).
/// A connection lives on the core that accepted it.
class server {
 public:
  /// All must outlive the server. Throws `std::invalid_argument` for options that make no sense.
  server(runtime::io_pool& pool, runtime::clock& time, const router& routes, server_options options = {});
  /// Stops without grace.
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Requests with `Connection: upgrade` and `Upgrade: websocket` below `path_prefix` go to `take` on their core
  /// instead of the router, which still gets every other request there. Before `start`.
  void on_upgrade(std::string path_prefix, std::function<void(upgrade_request&&)> take);

  /// Other requests below `path_prefix` go to `answer` on their core, past the router and its chain, before their body
  /// is read: for protocols that keep requests waiting. When the client goes away, or after `limit`, what `answer`
  /// waits for is cancelled. Before `start`.
  void on_request(std::string path_prefix, std::chrono::milliseconds limit,
                  std::function<task<response>(request&, body_reader)> answer);

  /// Binds, listens, accepts. Throws `boost::system::system_error` when the port is taken, `std::logic_error` when the
  /// router is not sealed.
  void start();
  /// The port it listens on.
  [[nodiscard]] std::uint16_t port() const noexcept;

  /// Accepts no more, answers what is under way with `Connection: close`, closes idle connections; after `grace` cuts
  /// what is left. Does not wait for what was handed over. Blocks; never call it on an io thread. The pool must still
  /// be running. Afterwards nothing of the server runs.
  void stop(std::chrono::milliseconds grace);

  [[nodiscard]] server_counters counters() const noexcept;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace nxg::http
