#pragma once

#include "http/detail/client_address.hpp"
#include "http/server.hpp"
#include "http/timer_wheel.hpp"
#include "http/upgrade.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list.hpp>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace nxg::http::detail {

class connection;

/// A place in one of a core's lists of connections; leaving it is part of being destroyed.
template <class Tag>
using list_place = boost::intrusive::list_base_hook<boost::intrusive::tag<Tag>,
                                                    boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;
template <class Tag>
using connection_list = boost::intrusive::list<connection, boost::intrusive::base_hook<list_place<Tag>>,
                                               boost::intrusive::constant_time_size<false>>;
struct alive_tag;
struct idle_tag;

struct upgrade_door {
  std::string path_prefix;
  std::function<void(upgrade_request&&)> take;
};

struct request_door {
  std::string path_prefix;
  std::chrono::milliseconds limit;
  std::function<task<response>(request&, body_reader)> answer;
};

struct core;

/// What all cores of one server share. Connections keep it alive.
struct shared {
  shared(runtime::clock& clock, const router& table, server_options chosen)
      : time{clock}, routes{table}, options{std::move(chosen)}, proxies{options.trusted_proxies} {}

  runtime::clock& time;
  const router& routes;
  server_options options;
  trusted_proxies proxies;
  std::vector<upgrade_door> doors;
  std::vector<request_door> request_doors;
  /// By their index; fixed once the server has started.
  std::vector<std::weak_ptr<core>> cores;

  /// Served here, and with those that were handed over.
  std::atomic<std::uint64_t> open{0};
  std::atomic<std::uint64_t> held{0};
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused_full{0};
  std::atomic<std::uint64_t> evicted_idle{0};
  std::atomic<std::uint64_t> timed_out{0};
  std::atomic<std::uint64_t> malformed{0};
  std::atomic<std::uint64_t> abandoned{0};

  std::mutex mutex;
  std::condition_variable closed;
};

/// Of one connection among all that may be held at once, whoever has it by now.
class place {
 public:
  /// Nothing when all are taken.
  static std::optional<place> free_one(const std::shared_ptr<shared>& among) {
    auto taken = among->held.load();
    while (taken < among->options.max_connections) {
      if (among->held.compare_exchange_weak(taken, taken + 1)) return place{among};
    }
    return std::nullopt;
  }
  /// Of a connection that was ended for it.
  static place inherited(const std::shared_ptr<shared>& among) {
    ++among->held;
    return place{among};
  }
  place(place&&) noexcept = default;
  place& operator=(place&&) = delete;
  ~place() {
    if (among_) --among_->held;
  }

 private:
  explicit place(std::shared_ptr<shared> among) : among_{std::move(among)} {}

  std::shared_ptr<shared> among_;
};

/// What one core has of the server. Touched by its own thread only, once started.
struct core {
  core(std::shared_ptr<shared> all, executor at, std::size_t number)
      : common{std::move(all)}, where{std::move(at)}, index{number}, acceptor{where}, wheel{where, common->time} {}

  /// `Date: ...` CR LF, made once a second.
  [[nodiscard]] std::string_view date_field();

  std::shared_ptr<shared> common;
  executor where;
  std::size_t index;
  boost::asio::ip::tcp::acceptor acceptor;
  timer_wheel wheel;
  connection_list<alive_tag> alive;
  /// Longest idle first.
  connection_list<idle_tag> idle;
  std::size_t body_bytes = 0;
  bool draining = false;

 private:
  std::string date_;
  std::int64_t date_second_ = -1;
};

}  // namespace nxg::http::detail
