#include "http/server.hpp"

#include "http/detail/connection.hpp"

#include <boost/asio/detail/socket_option.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include <sys/socket.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace nxg::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

/// After the grace of `stop`, for cancelled handlers to come back.
constexpr std::chrono::seconds unwinding{5};
/// When the process has no file descriptors left, accepting waits this long.
constexpr std::chrono::milliseconds accept_pause{100};

void check(const server_options& options) {
  const auto positive = [](std::chrono::milliseconds limit) { return limit > std::chrono::milliseconds{0}; };
  if (options.max_connections == 0 || options.max_head_bytes < 1024 || options.max_header_fields == 0 ||
      options.max_body_bytes_in_flight == 0 || options.slowest_body_bytes_per_second == 0) {
    throw std::invalid_argument{"the server's limits must be positive, and a head may have 1024 octets at least"};
  }
  if (!positive(options.delivery) || !positive(options.first_byte) || !positive(options.idle) ||
      !positive(options.write) || !positive(options.overrun)) {
    throw std::invalid_argument{"the server's time-outs must be positive"};
  }
}

bool is_running(const executor& where) {
  const auto* const known = where.target<asio::io_context::executor_type>();
  return known == nullptr || !known->context().stopped();
}

/// Sharing the port is for the cores of one server. Another process of the same user could share it too, and each would
/// get half of the requests: bound once without sharing, a port in use is refused.
void require_free(const tcp::endpoint& at) {
  if (at.port() == 0) return;
  asio::io_context scratch;
  tcp::acceptor probe{scratch};
  probe.open(at.protocol());
  probe.set_option(tcp::acceptor::reuse_address{true});
  error_code taken;
  probe.bind(at, taken);
  if (!taken) return;
  // Without the place in the sources where it was found.
  throw boost::system::system_error{error_code{taken.value(), taken.category()},
                                    "cannot listen on " + at.address().to_string() + ':' + std::to_string(at.port())};
}

/// Accepts the connections of one core.
class listener : public std::enable_shared_from_this<listener> {
 public:
  listener(std::shared_ptr<detail::shared> common, executor where, std::size_t index)
      : core_{std::make_shared<detail::core>(std::move(common), where, index)}, pause_{where, core_->common->time} {}

  void listen(const tcp::endpoint& at) {
    auto& acceptor = core_->acceptor;
    acceptor.open(at.protocol());
    acceptor.set_option(tcp::acceptor::reuse_address{true});
    acceptor.set_option(reuse_port{true});
    acceptor.bind(at);
    acceptor.listen();
  }

  [[nodiscard]] const std::shared_ptr<detail::core>& core() const { return core_; }
  [[nodiscard]] tcp::endpoint local() const { return core_->acceptor.local_endpoint(); }
  [[nodiscard]] const executor& where() const { return core_->where; }

  void accept() {
    core_->acceptor.async_accept(core_->where, [self = shared_from_this()](error_code error, tcp::socket socket) {
      if (self->core_->draining || error == asio::error::operation_aborted) return;
      if (!error) return self->take(std::move(socket));
      const bool exhausted = error == asio::error::no_descriptors || error == asio::error::no_memory ||
                             error == asio::error::no_buffer_space ||
                             error == boost::system::errc::too_many_files_open_in_system;
      if (exhausted) {
        self->accept_later();
      } else {
        self->accept();
      }
    });
  }

  void drain() {
    core_->draining = true;
    error_code ignored;
    core_->acceptor.close(ignored);
    pause_.cancel();
    for_each([](detail::connection& one) { one.drain(); });
  }

  void cut() {
    for_each([](detail::connection& one) { one.cut(); });
  }

 private:
  template <class Visit>
  void for_each(Visit visit) {
    for (auto at = core_->alive.begin(); at != core_->alive.end();) visit(*at++);
  }

  void accept_later() {
    pause_.async_wait(core_->wheel.now() + accept_pause, [self = shared_from_this()](bool fired) {
      if (fired) self->accept();
    });
  }

  void take(tcp::socket socket) {
    ++core_->common->accepted;
    if (auto mine = detail::place::free_one(core_->common)) return admit(std::move(socket), std::move(*mine));
    if (evict_idle(*core_)) return admit(std::move(socket), detail::place::inherited(core_->common));
    ask_next(std::move(socket), 1);
  }

  void admit(tcp::socket socket, detail::place mine) {
    ++core_->common->open;
    std::make_shared<detail::connection>(core_, std::move(socket), std::move(mine))->start();
    accept();
  }

  /// The other cores in turn, whether one has an idle connection that can make room. Meanwhile no more are accepted
  /// here: at most one per core waits for this.
  void ask_next(tcp::socket socket, std::size_t asked) {
    const auto& cores = core_->common->cores;
    const auto other = asked < cores.size() ? cores[(core_->index + asked) % cores.size()].lock() : nullptr;
    if (!other) {
      ++core_->common->refused_full;
      refuse(std::move(socket));
      return accept();
    }
    asio::post(other->where, [self = shared_from_this(), other, socket = std::move(socket), asked]() mutable {
      std::optional<detail::place> mine;
      if (evict_idle(*other)) mine.emplace(detail::place::inherited(other->common));
      const auto home = self->core_->where;
      asio::post(home, [self = std::move(self), socket = std::move(socket), asked, mine = std::move(mine)]() mutable {
        if (self->core_->draining) return;
        if (mine) return self->admit(std::move(socket), std::move(*mine));
        self->ask_next(std::move(socket), asked + 1);
      });
    });
  }

  /// The longest idle makes room for the new one. On that core.
  static bool evict_idle(detail::core& of) {
    if (of.idle.empty()) return false;
    ++of.common->evicted_idle;
    auto& longest = of.idle.front();
    of.idle.pop_front();
    longest.cut();
    return true;
  }

  static void refuse(tcp::socket socket) {
    static constexpr std::string_view answer =
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(answer), ignored);
    socket.shutdown(tcp::socket::shutdown_send, ignored);
  }

  std::shared_ptr<detail::core> core_;
  runtime::timer pause_;
};

}  // namespace

struct server::state {
  state(runtime::io_pool& on, std::shared_ptr<detail::shared> all) : pool{on}, common{std::move(all)} {}

  runtime::io_pool& pool;
  std::shared_ptr<detail::shared> common;
  std::vector<std::shared_ptr<listener>> listeners;
  std::uint16_t port = 0;

  void on_every_core(void (listener::*act)()) {
    for (const auto& one : listeners) asio::post(one->where(), [one, act] { ((*one).*act)(); });
  }

  /// Runs `act(core)` on every core and waits until all have; false when one core does not get to it.
  template <class Act>
  bool everywhere(Act act) const {
    struct countdown {
      std::mutex mutex;
      std::condition_variable reached;
      std::size_t left;
    };
    auto left = std::make_shared<countdown>();
    left->left = pool.size();
    for (std::size_t core = 0; core < pool.size(); ++core) {
      asio::post(pool.at(core), [left, act, core] {
        act(core);
        const std::lock_guard lock{left->mutex};
        if (--left->left == 0) left->reached.notify_all();
      });
    }
    std::unique_lock lock{left->mutex};
    return left->reached.wait_for(lock, unwinding, [&] { return left->left == 0; });
  }

  bool drain_every_core() const {
    return everywhere([all = listeners](std::size_t core) { all[core]->drain(); });
  }

  /// What a core has is destroyed on it: timers and sockets belong to its thread.
  void release_every_core() {
    everywhere([all = std::make_shared<std::vector<std::shared_ptr<listener>>>(std::exchange(listeners, {}))](
                   std::size_t core) { (*all)[core].reset(); });
  }

  bool wait_closed(std::chrono::milliseconds limit) {
    std::unique_lock lock{common->mutex};
    return common->closed.wait_for(lock, limit, [this] { return common->open.load() == 0; });
  }
};

server::server(runtime::io_pool& pool, runtime::clock& time, const router& routes, server_options options) {
  check(options);
  state_ = std::make_unique<state>(pool, std::make_shared<detail::shared>(time, routes, std::move(options)));
}

server::~server() { stop(std::chrono::milliseconds{0}); }

void server::on_upgrade(std::string path_prefix, std::function<void(upgrade_request&&)> take) {
  if (!state_->listeners.empty()) throw std::logic_error{"upgrades are declared before the server starts"};
  state_->common->doors.push_back({std::move(path_prefix), std::move(take)});
}

void server::on_request(std::string path_prefix, std::chrono::milliseconds limit,
                        std::function<task<response>(request&, body_reader)> answer) {
  if (!state_->listeners.empty()) throw std::logic_error{"doors are declared before the server starts"};
  state_->common->request_doors.push_back({std::move(path_prefix), limit, std::move(answer)});
}

void require_free(const std::string& address, std::uint16_t port) {
  require_free(tcp::endpoint{asio::ip::make_address(address), port});
}

void server::start() {
  auto& common = state_->common;
  if (!common->routes.sealed()) throw std::logic_error{"the router is not sealed"};
  tcp::endpoint at{asio::ip::make_address(common->options.address), common->options.port};
  require_free(at);
  std::vector<std::shared_ptr<listener>> made;
  for (std::size_t core = 0; core < state_->pool.size(); ++core) {
    auto one = std::make_shared<listener>(common, state_->pool.at(core), core);
    one->listen(at);
    // The first takes whatever port is free, the others share it.
    at.port(one->local().port());
    made.push_back(std::move(one));
  }
  common->cores.clear();
  for (const auto& one : made) common->cores.emplace_back(one->core());
  state_->port = at.port();
  state_->listeners = std::move(made);
  state_->on_every_core(&listener::accept);
}

std::uint16_t server::port() const noexcept { return state_->port; }

void server::stop(std::chrono::milliseconds grace) {
  if (state_->listeners.empty()) return;
  if (is_running(state_->listeners.front()->where())) {
    if (!state_->drain_every_core() || !state_->wait_closed(grace)) {
      state_->on_every_core(&listener::cut);
      state_->wait_closed(unwinding);
    }
    state_->release_every_core();
  }
  state_->listeners.clear();
}

server_counters server::counters() const noexcept {
  const auto& all = *state_->common;
  return {all.open,         all.held,      all.accepted,  all.refused_full,
          all.evicted_idle, all.timed_out, all.malformed, all.abandoned};
}

}  // namespace nxg::http
