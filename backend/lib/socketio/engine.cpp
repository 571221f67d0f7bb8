#include "socketio/engine.hpp"

#include "runtime/timer.hpp"
#include "socketio/engine_state.hpp"
#include "socketio/websocket_frame.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <array>
#include <utility>

namespace nxg::socketio {

namespace asio = boost::asio;

namespace {

constexpr std::string_view id_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t random_bytes = 15;
constexpr std::size_t id_length = 22;

shared_frames make_ping_frame() {
  std::string frame;
  websocket::append_frame(frame, websocket::opcode::text, "2");
  return std::make_shared<const std::string>(std::move(frame));
}

}  // namespace

std::optional<std::size_t> core_of(std::string_view id) noexcept {
  if (id.size() != id_length) return std::nullopt;
  const auto high = id_alphabet.find(id[0]);
  const auto low = id_alphabet.find(id[1]);
  if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
  return high << 6 | low;
}

namespace detail {

std::string make_id(std::size_t core, runtime::random& random) {
  std::array<unsigned char, random_bytes> bytes;
  random.fill(std::as_writable_bytes(std::span{bytes}));
  std::string id{id_alphabet[core >> 6 & 63], id_alphabet[core & 63]};
  id.reserve(id_length);
  for (std::size_t i = 0; i < random_bytes; i += 3) {
    const unsigned group =
        static_cast<unsigned>(bytes[i]) << 16 | static_cast<unsigned>(bytes[i + 1]) << 8 | bytes[i + 2];
    for (int shift = 18; shift >= 0; shift -= 6) id += id_alphabet[group >> shift & 63];
  }
  return id;
}

engine_state::engine_state(const std::vector<executor>& cores, runtime::clock& time, runtime::random& random,
                           engine_options options, session_handler_factory on_session)
    : time_{time},
      random_{random},
      options_{std::move(options)},
      on_session_{std::move(on_session)},
      ping_frame_{make_ping_frame()},
      common_headers_{std::make_shared<const websocket::header_list>(headers_of_all(options_))} {
  for (const auto& where : cores) {
    auto core = std::make_shared<engine_core>();
    core->index = cores_.size();
    core->io = std::make_shared<io_core>(where, time);
    if (options_.deflate) core->io->set_deflate(*options_.deflate);
    core->connections = connections_;
    cores_.push_back(std::move(core));
  }
}

std::shared_ptr<session> engine_state::open(engine_core& core, std::shared_ptr<const request_info> request) {
  return std::make_shared<session>(shared_from_this(), cores_[core.index], std::move(request),
                                   make_id(core.index, random_));
}

engine_statistics engine_state::statistics() const {
  engine_statistics sum;
  for (const auto& core : cores_) {
    const auto& from = core->counters;
    sum.sessions += from.open;
    sum.sessions_opened += from.opened;
    sum.sessions_upgraded += from.upgraded;
    sum.handshakes_refused += from.refused;
    sum.messages_received += from.received;
    sum.messages_sent += from.sent;
    sum.messages_dropped += from.dropped;
    for (std::size_t i = 0; i < sum.closed.size(); ++i) sum.closed[i] += from.closed[i];
  }
  return sum;
}

void engine_state::abandon() {
  stopping_ = true;
  for (const auto& core : cores_) {
    core->connections.reset();
    // Sessions and their handlers hold each other: nothing else would ever free them.
    for (const auto& one : core->sessions.all()) one->drop();
    core->farewells.clear();
  }
  // What waits in a coroutine of one core may be the last to hold another, whose loop is gone by then.
  for (const auto& core : cores_) {
    core->answers.give_up();
    core->io->deadlines().retire();
  }
}

std::shared_ptr<everyone_gone> engine_state::stop() {
  return stopping_.exchange(true) ? nullptr : std::move(connections_);
}

}  // namespace detail

engine_server::engine_server(std::vector<executor> cores, runtime::clock& time, runtime::random& random,
                             engine_options options, session_handler_factory on_session)
    : state_{std::make_shared<detail::engine_state>(cores, time, random, std::move(options), std::move(on_session))} {}

engine_server::~engine_server() { state_->abandon(); }

namespace {

/// Moves a connection to another loop. False when it is gone already.
bool move_to(asio::ip::tcp::socket& socket, const executor& home) {
  if (socket.get_executor() == home) return true;
  boost::system::error_code error;
  const auto protocol = socket.local_endpoint(error).protocol();
  if (error) return false;
  const auto descriptor = socket.release(error);
  if (error) return false;
  socket = asio::ip::tcp::socket{home, protocol, descriptor};
  return true;
}

}  // namespace

void engine_server::accept(upgrade&& request) {
  const auto core = state_->shared_core(state_->home_of(query_parameter(request.target, "sid"), request.core));
  // A connection served by one loop and read by another would be touched by both.
  if (!move_to(request.socket, core->io->get_executor())) return;
  // Not held: what waits in one core's queue must not be the last to hold the timers of another.
  asio::dispatch(core->io->get_executor(),
                 [weak = std::weak_ptr{state_}, core, request = std::move(request)]() mutable {
                   if (const auto state = weak.lock()) state->admit(*core, std::move(request));
                 });
}

void engine_server::accept_plain(upgrade&& request, std::shared_ptr<const plain_door> by) {
  const auto core = state_->shared_core(request.core);
  if (!move_to(request.socket, core->io->get_executor())) return;
  asio::dispatch(core->io->get_executor(),
                 [weak = std::weak_ptr{state_}, core, request = std::move(request), by = std::move(by)]() mutable {
                   if (const auto state = weak.lock()) state->admit_plain(*core, std::move(request), std::move(by));
                 });
}

task<> engine_server::stop(std::chrono::milliseconds wait) {
  const auto where = co_await asio::this_coro::executor;
  const auto state = state_;
  auto gone = state->stop();
  if (!gone) co_return;  // somebody else is at it
  const auto pause = std::make_shared<runtime::timer>(where, state->time());
  // Moved on: whoever is last must not be left with a timer of another loop.
  gone->then = [where, pause = pause]() mutable { asio::post(where, [pause = std::move(pause)] { pause->cancel(); }); };
  for (std::size_t i = 0; i < state->core_count(); ++i) {
    auto core = state->shared_core(i);
    asio::post(core->io->get_executor(), [core, gone]() mutable {
      for (const auto& one : core->sessions.all()) one->close(close_reason::server_shutting_down);
      core->connections.reset();
    });
  }
  gone.reset();
  co_await pause->wait_for(wait);
}

std::shared_ptr<http_responder> engine_server::requests() const { return state_; }

engine_statistics engine_server::statistics() const { return state_->statistics(); }

}  // namespace nxg::socketio
