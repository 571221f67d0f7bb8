#include "socketio/engine_packet.hpp"
#include "socketio/engine_state.hpp"
#include "socketio/upgrade_probe.hpp"
#include "socketio/websocket.hpp"
#include "socketio/websocket_frame.hpp"

#include <utility>

namespace nxg::socketio::detail {

namespace {

std::uint16_t code_for(close_reason why) noexcept {
  switch (why) {
    case close_reason::server_shutting_down: return websocket::close_code::going_away;
    case close_reason::parse_error: return websocket::close_code::protocol_error;
    default: return websocket::close_code::normal;
  }
}

}  // namespace

void session_registry::add(const std::shared_ptr<session>& one) { by_id_.emplace(one->id(), one); }
void session_registry::remove(const session& one) noexcept { by_id_.erase(one.id()); }

void stranger_registry::remove(const std::string& subscriber) {
  const auto it = by_subscriber_.find(subscriber);
  if (it != by_subscriber_.end() && --it->second == 0) by_subscriber_.erase(it);
}

std::size_t stranger_registry::of(const std::string& subscriber) const {
  const auto it = by_subscriber_.find(subscriber);
  return it == by_subscriber_.end() ? 0 : it->second;
}

std::shared_ptr<session> session_registry::find(std::string_view id) const {
  const auto it = by_id_.find(id);
  return it == by_id_.end() ? nullptr : it->second;
}

std::vector<std::shared_ptr<session>> session_registry::all() const {
  std::vector<std::shared_ptr<session>> result;
  result.reserve(by_id_.size());
  for (const auto& [id, one] : by_id_) result.push_back(one);
  return result;
}

session::session(std::shared_ptr<engine_state> of, std::shared_ptr<engine_core> core,
                 std::shared_ptr<const request_info> request, std::string id)
    : state_{std::move(of)},
      core_{std::move(core)},
      request_{std::move(request)},
      id_{std::move(id)},
      beat_{state_->options().ping_interval, state_->options().ping_timeout, core_->io->now()} {}

session::~session() { io().deadlines().cancel(*this); }

void session::begin(std::shared_ptr<transport> carrier, std::shared_ptr<engine_handler> handler) {
  transport_ = std::move(carrier);
  handler_ = std::move(handler);
  core_->sessions.add(shared_from_this());
  core_->strangers.add(state_->subscriber_of(*request_));
  is_stranger_ = true;
  count(core_->counters.opened);
  count(core_->counters.open);
  watch_heartbeat();
}

void session::begin_polling(std::shared_ptr<polling_transport> carrier, std::shared_ptr<engine_handler> handler) {
  polling_ = carrier;
  begin(std::move(carrier), std::move(handler));
}

std::shared_ptr<transport_handler> session::begin_upgrade(const std::shared_ptr<websocket_connection>& to) {
  probe_ = std::make_shared<upgrade_probe>(shared_from_this(), core_->io, to,
                                           io().now() + state_->options().upgrade_timeout);
  return probe_;
}

void session::upgraded(std::shared_ptr<websocket_connection> to) {
  const auto waiting = polling_->retire();
  count(core_->counters.dropped, polling_->dropped());
  polling_.reset();
  probe_.reset();
  transport_ = std::move(to);
  count(core_->counters.upgraded);
  if (pauses_ > 0) transport_->set_reading(false);
  if (!waiting.empty()) transport_->send(std::make_shared<const std::string>(waiting), {});
}

void session::watch_heartbeat() { io().deadlines().set(*this, beat_.deadline()); }

void session::expired(steady_instant now) {
  switch (beat_.expired(now)) {
    case heartbeat::action::none: break;
    case heartbeat::action::send_ping: transport_->send(state_->ping_frame(), {}); break;
    case heartbeat::action::time_out: return close(close_reason::ping_timeout);
  }
  watch_heartbeat();
}

void session::send(const shared_frames& frames, const delivery& how) {
  if (!transport_) return;
  count(transport_->send(frames, how) ? core_->counters.sent : core_->counters.dropped);
}

void session::prefetch() const noexcept {
  if (transport_) transport_->prefetch();
}

void session::send_text(std::string_view message) { send(to_frames(message), {}); }

void session::send_binary(std::string_view message) {
  std::string frame;
  websocket::append_frame(frame, websocket::opcode::binary, message);
  send(std::make_shared<const std::string>(std::move(frame)), {});
}

void session::close(close_reason why) {
  if (!transport_) return;
  const auto self = shared_from_this();
  // A client that is not there, or does not read, will not take part in closing.
  if (why == close_reason::ping_timeout || why == close_reason::slow_client) {
    transport_->cut();
  } else {
    transport_->close(code_for(why), to_string(why));
  }
  finish(why);
}

void session::vouch() {
  if (std::exchange(is_stranger_, false)) core_->strangers.remove(state_->subscriber_of(*request_));
}

void session::drop() {
  if (!transport_) return;
  transport_->cut();
  finish(close_reason::server_shutting_down);
}

void session::pause_reading() {
  if (++pauses_ > 1 || !transport_) return;
  transport_->set_reading(false);
  beat_.pause(io().now());
  watch_heartbeat();
}

void session::resume_reading() {
  if (--pauses_ > 0 || !transport_) return;
  transport_->set_reading(true);
  beat_.resume(io().now());
  watch_heartbeat();
}

std::size_t session::queued_bytes() const noexcept { return transport_ ? transport_->queued_bytes() : 0; }

void session::text(std::string_view message) {
  if (!transport_) return;
  const auto packet = decode_engine_packet(message);
  if (!packet) return close(close_reason::parse_error);
  switch (packet->type) {
    case engine_packet_type::message:
      count(core_->counters.received);
      handler_->text(packet->data);
      return;
    case engine_packet_type::pong: beat_.pong(io().now()); return watch_heartbeat();
    case engine_packet_type::close: return close(close_reason::transport_close);
    case engine_packet_type::noop: return;
    case engine_packet_type::open:
    case engine_packet_type::ping:
    case engine_packet_type::upgrade: return close(close_reason::parse_error);
  }
}

void session::binary(std::string_view message) {
  if (!transport_) return;
  count(core_->counters.received);
  handler_->binary(message);
}

void session::ended(const transport_end& end) {
  if (transport_) finish(end.why);
}

void session::finish(close_reason why) {
  const auto self = shared_from_this();
  count(core_->counters.dropped, transport_->dropped());
  transport_.reset();
  if (polling_) say_farewell();
  if (const auto probe = std::exchange(probe_, nullptr)) probe->give_up();
  io().deadlines().cancel(*this);
  core_->sessions.remove(*this);
  vouch();
  core_->counters.open.store(core_->sessions.size(), std::memory_order_relaxed);
  count(core_->counters.closed[static_cast<std::size_t>(why)]);
  if (const auto handler = std::exchange(handler_, nullptr)) handler->closed(why);
}

void session::say_farewell() {
  auto payload = std::exchange(polling_, nullptr)->take_farewell();
  if (payload.empty()) return;
  auto& last = core_->farewells[id_];
  last = std::make_unique<farewell>(*core_, id_, std::move(payload));
  io().deadlines().set(*last, io().now() + state_->options().close_timeout);
}

farewell::farewell(engine_core& on, std::string sid, std::string payload)
    : core_{on}, sid_{std::move(sid)}, payload_{std::move(payload)}, connection_{on.connections} {}

farewell::~farewell() { core_.io->deadlines().cancel(*this); }

void farewell::expired(steady_instant) {
  const auto mine = core_.farewells.extract(sid_);  // destroys this
}

pending_answers::taker pending_answers::take(std::uint64_t number) {
  const auto it = waiting_.find(number);
  if (it == waiting_.end()) return {};
  auto then = std::move(it->second);
  waiting_.erase(it);
  return then;
}

void pending_answers::give_up() {
  for (auto& [number, then] : std::exchange(waiting_, {})) then({.status = 503, .body = "the session is gone"});
}

}  // namespace nxg::socketio::detail
